using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Procgen.CompilerServices;

/// <summary>
/// One marked method, known to both sides at compile time: generated code makes it when the <see cref="TargetRegistry"/> asks for it. On the
/// wire it is its assembly's module version id and <see cref="Id"/>, which only select from what is registered.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Target
{
    // Boxed, so that it is read and written whole.
    private object? _moduleVersionId;

    private protected Target(ulong id, string name, Type stub, RemoteThrow[] throws)
    {
        Id = id;
        Name = name;
        Stub = stub;
        Throws = throws;
    }

    /// <summary>The target's class and method, for messages.</summary>
    public string Name { get; }

    /// <summary>Whether it takes a progress to report to.</summary>
    public bool HasProgress { get; init; }

    /// <summary>Makes a delegate of the target itself; null where that cannot be had.</summary>
    public Func<Delegate>? Method { internal get; init; }

    internal ulong Id { get; }

    internal Type Stub { get; }

    internal Guid ModuleVersionId => (Guid)(_moduleVersionId ??= Stub.Module.ModuleVersionId);

    internal RemoteThrow[] Throws { get; }

    /// <summary>How long one call took lately, as a pool's worker measured, in ticks of the system's clock; 0 for unknown. A hint: any thread writes it.</summary>
    internal long EstimatedTicks { get; set; }

    /// <summary>Compiles what a call runs, which is else left to the first one. The target does not run.</summary>
    internal virtual void Prepare()
    {
        if (Method?.Invoke() is Delegate method) RuntimeHelpers.PrepareDelegate(method);
    }
}

/// <summary>An exception type of <see cref="ProcessTargetAttribute.Throws"/> and how to make one from its message and its inner exception.</summary>
/// <param name="Type">The type as the target throws it.</param>
/// <param name="Create">Makes one with that message and, where it has a constructor for that, that inner exception.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record RemoteThrow(Type Type, Func<string, Exception?, Exception> Create);

/// <summary>Reads a call's arguments.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate TCall ArgumentReader<out TCall>(ref PayloadReader reader);

/// <summary>Reads a call's arguments, runs it and writes its result.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void CallRunner(ref PayloadReader reader, Invocation invocation, ref PayloadWriter writer);

/// <summary>A target without a result.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public class CallTarget : Target
{
    private readonly ArgumentReader<ProcessCall> _read;

    /// <summary>Called by generated code only.</summary>
    public CallTarget(ulong id, string name, Type stub, ArgumentReader<ProcessCall> read, params RemoteThrow[] throws)
        : base(id, name, stub, throws) => _read = read;

    /// <summary>Runs a call without an object for it; null where that takes more than its arguments.</summary>
    public CallRunner? Run { internal get; init; }

    internal ProcessCall Read(ref PayloadReader reader) => _read(ref reader);

    internal override void Prepare()
    {
        base.Prepare();
        RuntimeHelpers.PrepareDelegate(Run is null ? _read : Run);
    }
}

/// <summary>A target with a result.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CallTarget<TResult> : CallTarget
{
    /// <summary>Called by generated code only.</summary>
    public CallTarget(ulong id, string name, Type stub, ArgumentReader<ProcessCall<TResult>> read, Codec<TResult> result, params RemoteThrow[] throws)
        : base(id, name, stub, read, throws) => Result = result;

    internal Codec<TResult> Result { get; }
}

/// <summary>A target that yields items.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StreamTarget<TItem> : Target, Procgen.Calls.IStreamTarget
{
    private readonly ArgumentReader<ProcessStream<TItem>> _read;

    /// <summary>Called by generated code only.</summary>
    public StreamTarget(ulong id, string name, Type stub, ArgumentReader<ProcessStream<TItem>> read, Codec<TItem> item, params RemoteThrow[] throws)
        : base(id, name, stub, throws)
    {
        _read = read;
        Item = item;
    }

    internal Codec<TItem> Item { get; }

    internal override void Prepare()
    {
        base.Prepare();
        RuntimeHelpers.PrepareDelegate(_read);
    }

    Procgen.Calls.IWorkItem Procgen.Calls.IStreamTarget.Read(ref PayloadReader reader) => _read(ref reader);
}
