using Procgen.Launching;

namespace Procgen.Worker;

/// <summary>What stands for the process of a worker that is a thread of this one: it ends when the thread does, or is given up.</summary>
internal sealed class ThreadProcess : NativeProcess
{
    private readonly object _gate = new();
    private readonly Action _giveUp;
    private ExitStatus? _status;

    /// <param name="giveUp">Called where the worker is to end although its target runs.</param>
    public ThreadProcess(Action giveUp)
        : base(Environment.ProcessId, output: null) => _giveUp = giveUp;

    public override bool CanBeKilled => false;

    public override void Abandon()
    {
        Kill();
        End(ExitStatus.Unknown);
    }

    /// <summary>It has ended; what is said later does not count.</summary>
    public void End(ExitStatus status)
    {
        lock (_gate)
        {
            if (_status is not null) return;
            _status = status;
        }

        NoteEnd();
    }

    private protected override void WaitForEnd()
    {
    }

    private protected override bool TryReap(out ExitStatus status)
    {
        lock (_gate)
        {
            status = _status.GetValueOrDefault();
            return _status is not null;
        }
    }

    private protected override void Signal(bool forcibly, bool entireTree) => _giveUp();
}
