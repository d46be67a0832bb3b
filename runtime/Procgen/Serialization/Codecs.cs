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
    private static readonly AssemblyTables<Action<string?>> Tables = new(ofTypes: true);

    /// <summary>Adds an assembly's codecs; adding them again changes nothing.</summary>
    /// <param name="registration">The class that calls this.</param>
    /// <param name="register">
    /// Called when a codec is looked for that is not there: gives to <see cref="TryRegister"/> what registers those of the types
    /// that have a name, or, for null, all.
    /// </param>
    public static void Register(Type registration, Action<string?> register) => Tables.Add(registration, register);

    /// <summary>Calls what registers one codec, in a method of its own. A type that cannot be loaded here is none that anybody looks for.</summary>
    public static void TryRegister(Action register)
    {
        try
        {
            register();
        }
        catch (Exception error) when (error is TypeLoadException or MissingMemberException or FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            // Thrown when the method was compiled. What the codec itself throws is kept for those who look for it.
        }
    }

    /// <summary>Makes a codec known, or why it could not be made. Of several for one type, which say the same, the first stays.</summary>
    public static void Register<T>(Func<Codec<T>> make)
    {
        if (Slot<T>.Codec is not null) return;
        try
        {
            Interlocked.CompareExchange(ref Slot<T>.Codec, make(), null);
        }
        catch (Exception error)
        {
            // Generated codecs are static fields, some of one class within another's.
            while (error is TypeInitializationException { InnerException: Exception cause }) error = cause;
            Slot<T>.Failure = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <summary>The codec of <typeparamref name="T"/>; those of scalars, of strings and of their arrays are always there.</summary>
    /// <exception cref="InvalidOperationException">No generated code registered it. What its constructor throws comes as it is.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Codec<T> Get<T>() => Slot<T>.Codec ?? Find<T>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Codec<T> Find<T>()
    {
        if ((typeof(T).IsValueType ? BuiltInCodecs.FindValue<T>() : BuiltInCodecs.FindReference(typeof(T))) is not { } builtIn)
            return FindGenerated<T>(typeof(T).Name) ?? FindGenerated<T>(null) ?? throw NotRegistered(typeof(T));
        Interlocked.CompareExchange(ref Slot<T>.Codec, (Codec<T>)builtIn, null);
        return Slot<T>.Codec!;
    }

    /// <summary>Of those of one name; null stands for every name, should the runtime have forgotten it.</summary>
    private static Codec<T>? FindGenerated<T>(string? name)
    {
        foreach (AssemblyTable<Action<string?>> table in Tables.All)
        {
            table.Lookup(name);
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
