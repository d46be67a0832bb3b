using Procgen.Calls;

namespace Procgen.Processes;

/// <summary>The process behind one enumeration of a <see cref="ChildStream{T}"/>.</summary>
internal sealed class StreamingChild(PendingCall pending, ProcessOptions? options, byte[]? encoded)
    : ChildProcess(pending, Task.CompletedTask, options)
{
    /// <summary>Always: it waits for its reader, which is gone then.</summary>
    internal override bool EndsAtExit => true;

    public void Begin(CancellationToken cancellationToken)
    {
        Life.EncodedCall = encoded;
        Life.Start(cancellationToken);
    }

    public void AddCredit(int bytes) => Life.AddCredit(bytes);

    /// <summary>Nobody reads on: the target is cancelled and, where its process does not end in time, that is killed.</summary>
    public Task AbandonAsync()
    {
        Life.Abandon();
        return WaitForExitAsync();
    }
}
