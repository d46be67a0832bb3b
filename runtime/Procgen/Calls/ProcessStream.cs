using System.ComponentModel;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen;

/// <summary>
/// A call of a target that returns <see cref="IEnumerable{T}"/> or <see cref="IAsyncEnumerable{T}"/>. A stream is no
/// <see cref="ProcessCall"/>: nothing that would drop its items accepts it.
/// </summary>
/// <typeparam name="TItem">What the target yields.</typeparam>
public abstract class ProcessStream<TItem> : IWorkItem
{
    /// <summary>Called by generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected ProcessStream(StreamTarget<TItem> target) => Target = target;

    /// <summary>The target's class and method: <c>Films.DecodeAsync</c>.</summary>
    public string TargetName => Target.Name;

    internal StreamTarget<TItem> Target { get; }

    Target IWorkItem.Target => Target;

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

    internal abstract ValueTask ExecuteAsync(Invocation invocation, IResultSink sink);
}
