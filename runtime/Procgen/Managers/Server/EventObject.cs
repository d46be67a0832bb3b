using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The state of an event.</summary>
internal sealed class EventObject : ServerObject
{
    private readonly object _gate = new();
    private readonly WaitLine<bool> _line = new();
    private bool _isSet;

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_gate)
        {
            switch (op)
            {
                case ManagerOp.IsSet:
                    answer.WriteMemory(_isSet);
                    break;
                case ManagerOp.SetEvent:
                    _isSet = true;
                    foreach (ServerWait wait in _line.TakeAll()) wait.Complete();
                    break;
                case ManagerOp.ResetEvent:
                    _isSet = false;
                    break;
                default:
                    throw Unsupported(op);
            }
        }
    }

    public override void Begin(ServerWait wait, ref PayloadReader request)
    {
        lock (_gate)
        {
            if (_isSet) wait.Complete();
            else _line.Join(wait, false);
        }
    }

    public override void Cancel(ServerWait wait)
    {
        lock (_gate)
        {
            if (_line.Leave(wait)) wait.GiveUp();
        }
    }
}
