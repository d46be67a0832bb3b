using System.ComponentModel;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen;

/// <summary>
/// One call of a <see cref="ProcessTargetAttribute"/> method with its arguments, made by the stub that the generator
/// emits. Immutable and reusable; it may itself be an argument or a queue item. Python's <c>target=f, args=(…)</c>.
/// </summary>
public abstract class ProcessCall : IWorkItem, IProcessHandle<ProcessCall>
{
    /// <summary>Called by generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected ProcessCall(CallTarget target) => Target = target;

    /// <summary>The target's class and method: <c>Work.Square</c>.</summary>
    public string TargetName => Target.Name;

    internal CallTarget Target { get; }

    Target IWorkItem.Target => Target;

    /// <summary>Runs the call here, in this process, on the calling thread until its first <c>await</c>.</summary>
    /// <param name="cancellationToken">Handed to a target that takes one.</param>
    public Task InvokeAsync(CancellationToken cancellationToken = default) => InvokeHereAsync(new Invocation(cancellationToken));

    /// <summary>Appends the arguments in order.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal abstract void WriteArguments(ref PayloadWriter writer);

    void IWorkItem.WriteArguments(ref PayloadWriter writer) => WriteArguments(ref writer);

    /// <summary>Reports one value to the <c>IProgress</c> argument at <paramref name="index"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal virtual void ReportProgress(int index, ref PayloadReader reader)
    {
    }

    void IWorkItem.ReportProgress(int index, ref PayloadReader reader) => ReportProgress(index, ref reader);

    ValueTask IWorkItem.ExecuteAsync(Invocation invocation, IResultSink sink) => ExecuteAsync(invocation, sink);

    internal abstract Task InvokeHereAsync(Invocation invocation);

    internal abstract ValueTask ExecuteAsync(Invocation invocation, IResultSink sink);

    void IProcessHandle<ProcessCall>.WriteHandle(ref PayloadWriter writer) => CallHandle.Write(ref writer, this);

    static ProcessCall IProcessHandle<ProcessCall>.ReadHandle(ref PayloadReader reader) => CallHandle.Read<ProcessCall>(ref reader);
}

/// <summary>A <see cref="ProcessCall"/> that returns a value.</summary>
/// <typeparam name="TResult">What the target returns, or what its task does.</typeparam>
public abstract class ProcessCall<TResult> : ProcessCall, IProcessHandle<ProcessCall<TResult>>
{
    /// <summary>Called by generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected ProcessCall(CallTarget<TResult> target)
        : base(target)
    {
    }

    internal new CallTarget<TResult> Target => (CallTarget<TResult>)base.Target;

    /// <inheritdoc cref="ProcessCall.InvokeAsync"/>
    public new Task<TResult> InvokeAsync(CancellationToken cancellationToken = default) => InvokeResultHereAsync(new Invocation(cancellationToken));

    internal override Task InvokeHereAsync(Invocation invocation) => InvokeResultHereAsync(invocation);

    internal abstract Task<TResult> InvokeResultHereAsync(Invocation invocation);

    void IProcessHandle<ProcessCall<TResult>>.WriteHandle(ref PayloadWriter writer) => CallHandle.Write(ref writer, this);

    static ProcessCall<TResult> IProcessHandle<ProcessCall<TResult>>.ReadHandle(ref PayloadReader reader) =>
        CallHandle.Read<ProcessCall<TResult>>(ref reader);
}
