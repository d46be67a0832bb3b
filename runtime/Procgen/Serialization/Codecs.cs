using System.ComponentModel;
using System.Runtime.CompilerServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>
/// The codec of a type that only a type argument names, as <c>ProcessQueue&lt;T&gt;</c>'s: a static field per type, filled by
/// generated code before anything runs. Thread-safe.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Codecs
{
    /// <summary>Makes a codec known. Of several for one type, which say the same, the first stays.</summary>
    public static void Register<T>(Codec<T> codec) => Interlocked.CompareExchange(ref Slot<T>.Codec, codec, null);

    /// <summary>The codec of <typeparamref name="T"/>; those of scalars, of strings and of their arrays are always there.</summary>
    /// <exception cref="InvalidOperationException">No generated code registered it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Codec<T> Get<T>() => Slot<T>.Codec ?? Find<T>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Codec<T> Find<T>()
    {
        object codec = (typeof(T).IsValueType ? BuiltInCodecs.FindValue<T>() : BuiltInCodecs.FindReference(typeof(T)))
            ?? throw new InvalidOperationException(
                $"No codec of {typeof(T)} is registered in this process. The generator registers those of the types that a "
                + "[ProcessTarget] method or a ProcessQueue<T>, Connection<T>, ManagedList<T> and the like name as their "
                + "type argument; name the type itself there, not a type parameter, in a project that has the generator.");
        Register((Codec<T>)codec);
        return Slot<T>.Codec!;
    }

    private static class Slot<T>
    {
        public static Codec<T>? Codec;
    }
}
