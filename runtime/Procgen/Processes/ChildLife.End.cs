using Procgen.Calls;
using Procgen.Launching;
using Procgen.Shared;

namespace Procgen.Processes;

/// <summary>How a child process ends: by itself, by its caller's will, by force; and who waits for it.</summary>
internal sealed partial class ChildLife
{
    /// <summary>How long a disposed child that has answered may take to exit: its services are disposed, its output is written.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(2);

    /// <summary>How long a target may take to stop when it is cancelled; then its process is killed.</summary>
    internal static TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the target has ended and its process has said how: no more is to be asked of it than to exit.</summary>
    internal bool IsAnswered => _call!.IsAnswered;

    /// <summary>
    /// Asks the target to stop and tells its caller at once; kills it where it does not stop in time. One that has answered has
    /// stopped: its process may take as long as it likes, for a child of its own or for what it does at its exit.
    /// </summary>
    public void Cancel(CancellationToken token)
    {
        if (IsAnswered)
        {
            _call!.Cancel(token); // Its caller's progress may still be at something.
            return;
        }

        Stop(
            () =>
            {
                if (!IsAnswered) KillIfStarted();
            },
            token);
    }

    /// <summary>As <see cref="Cancel"/> where nobody wants the process any more: it is killed also where only its exit takes too long.</summary>
    public void Abandon() => Stop(KillIfStarted, CancellationToken.None);

    public bool Join(TimeSpan? timeout)
    {
        _ = Started;
        return Deadline.After(timeout).Wait(_ended.WaitOne);
    }

    /// <summary>As <see cref="ChildProcess.Terminate"/>, also of a process that was closed meanwhile.</summary>
    public void TerminateIfStarted() => _worker?.Process.Terminate();

    /// <summary>As <see cref="ChildProcess.Kill"/>, also of a process that has ended or was closed meanwhile.</summary>
    public void KillIfStarted() => _worker?.Process.Kill(entireTree: false);

    /// <summary>Whether it is more than a thread of this one.</summary>
    public bool IsProcess => _worker is null || _worker.Process.CanBeKilled;

    /// <summary>As <see cref="Join"/>, also of a process that was closed meanwhile; false where after its end somebody takes so long with one of its last captured lines.</summary>
    public bool TryWaitForEnd(TimeSpan linePatience)
    {
        NativeProcess process = _worker!.Process;
        var ended = new ManualResetEventSlim();
        process.OnEnd(ended.Set);
        ended.Wait();
        long delivered;
        do
        {
            delivered = process.DeliveredLines;
            if (_ended.WaitOne(linePatience)) return true;
        }
        while (process.DeliveredLines != delivered);

        return false;
    }

    public Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        _ = Started;
        return _exit.Task.WaitAsync(cancellationToken);
    }

    public void Close()
    {
        if (!TryClose()) throw new InvalidOperationException($"Process {Name} is still running: join, terminate or dispose it first.");
    }

    public void End()
    {
        if (TryClose()) return;
        if (_worker is { Process: NativeProcess process })
        {
            if (process.IsDelivering) process.Kill(entireTree: true); // It counts as ended when the caller's callback has returned.
            else if (!(IsAnswered && _ended.WaitOne(ExitGrace)))
            {
                process.Kill(entireTree: true);
                _ended.WaitOne();
            }
        }

        _isClosed = true;
    }

    public async Task EndAsync()
    {
        if (TryClose()) return;
        if (_worker is not { Process: { IsDelivering: false } process })
        {
            End();
            return;
        }

        Task<int> exit = _exit.Task;
        if (IsAnswered) await Task.WhenAny(exit, Task.Delay(ExitGrace)).ConfigureAwait(false);
        if (!exit.IsCompleted) process.Kill(entireTree: true);
        await exit.ConfigureAwait(false);
        _isClosed = true;
    }

    /// <summary>
    /// Closes it, and if nobody has started it, nobody can any more: whoever awaits its call is told so. False where it runs. A start
    /// that is under way is waited for, as what it has started would be nobody's.
    /// </summary>
    private bool TryClose()
    {
        lock (_gate)
        {
            if (_isClosed) return true;
            if (IsRunning) return false;
            _isClosed = true;
            if (_worker is null) _call?.Cancel(CancellationToken.None);
            return true;
        }
    }

    public void OnCallEnded(WorkerProcess worker, uint id)
    {
    }

    public void OnCallsLost(WorkerProcess worker, WorkerEnd end, IReadOnlyList<PendingCall> lost)
    {
        foreach (PendingCall call in lost) call.Fail(end.ToException(call.TargetName));
        _cancellation.Unregister();
    }

    public void OnExited(WorkerProcess worker, WorkerEnd end)
    {
        _exit.TrySetResult(end.Status.ExitCode);
        if (_call!.HasEnded) _cancellation.Unregister(); // Else its progress is at something: until its caller is told, they may cancel.
        ChildRegistry.Remove(_child!);
        _ended.Set();
    }

    private void Stop(Action whenLate, CancellationToken token)
    {
        _call!.Cancel(token);
        _worker!.Cancel(CallId);
        Deadlines.Schedule(CancellationGrace, whenLate);
    }
}
