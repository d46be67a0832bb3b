using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>What calls and streams have in common: a target, arguments to write, and a way to run.</summary>
internal interface IWorkItem
{
    Target Target { get; }

    void WriteArguments(ref PayloadWriter writer);

    void ReportProgress(int index, ref PayloadReader reader);

    /// <summary>Runs the target and hands what comes of it to <paramref name="sink"/>; the target's exception passes through.</summary>
    ValueTask ExecuteAsync(Invocation invocation, IResultSink sink);
}
