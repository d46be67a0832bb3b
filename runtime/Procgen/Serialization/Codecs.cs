using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>
/// The codec of a type that only a type argument names, as <c>ProcessQueue&lt;T&gt;</c>'s: a static field per type, filled by
/// generated code when it is first looked for. Thread-safe.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Codecs
{
    private static readonly object Gate = new();
    private static Action<string?>[] _sources = []; // Replaced as a whole.

    /// <summary>
    /// Makes code known that registers codecs when one is looked for that is not there: those of the types that have a name,
    /// or, for null, all of its own. Adding it again changes nothing; it stays for as long as the process.
    /// </summary>
    public static void AddSource(Action<string?> register)
    {
        lock (Gate)
        {
            if (Array.IndexOf(_sources, register) < 0) Volatile.Write(ref _sources, [.. _sources, register]);
        }
    }

    /// <summary>Makes a codec known. Of several for one type, which say the same, the first stays.</summary>
    public static void Register<T>(Codec<T> codec) => Interlocked.CompareExchange(ref Slot<T>.Codec, codec, null);

    /// <summary>Notes that a codec could not be made: whoever looks for it is told why.</summary>
    public static void RegisterFailure<T>(Exception error) => Slot<T>.Failure = ExceptionDispatchInfo.Capture(error);

    /// <summary>The codec of <typeparamref name="T"/>; those of scalars, of strings and of their arrays are always there.</summary>
    /// <exception cref="InvalidOperationException">No generated code registered it. What its constructor throws comes as it is.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Codec<T> Get<T>() => Slot<T>.Codec ?? Find<T>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Codec<T> Find<T>()
    {
        if ((typeof(T).IsValueType ? BuiltInCodecs.FindValue<T>() : BuiltInCodecs.FindReference(typeof(T))) is not { } builtIn)
            return FindGenerated<T>(typeof(T).Name) ?? FindGenerated<T>(null) ?? throw NotRegistered(typeof(T));
        Register((Codec<T>)builtIn);
        return Slot<T>.Codec!;
    }

    /// <summary>Of those of one name; null stands for every name, should the runtime have forgotten it.</summary>
    private static Codec<T>? FindGenerated<T>(string? name)
    {
        foreach (Action<string?> register in Volatile.Read(ref _sources))
        {
            register(name);
            if (Slot<T>.Codec is { } codec) return codec;
        }

        Slot<T>.Failure?.Throw();
        return null;
    }

    private static InvalidOperationException NotRegistered(Type type) => new(
        $"No codec of {type} is registered in this process. The generator registers those of the types that are named as the "
        + "type argument of a ProcessQueue<T>, Connection<T>, ManagedList<T> and the like, in code or in what a [ProcessTarget] "
        + "method takes; name the type itself there, not a type parameter, in a project that has the generator.");

    private static class Slot<T>
    {
        public static Codec<T>? Codec;
        public static ExceptionDispatchInfo? Failure;
    }
}
