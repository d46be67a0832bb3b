using Procgen.CompilerServices;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>
/// The state of a lock, plain or recursive: which client process holds it. Which of its threads does, and how often it has
/// taken it, that process knows itself. A release hands the lock to whoever waits longest.
/// </summary>
internal sealed class LockObject : ServerObject
{
    private readonly object _gate = new();
    private readonly WaitLine<bool> _line = new();
    private ClientSession? _holder;
    private bool _isAbandoned;

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_gate)
        {
            switch (op)
            {
                case ManagerOp.Acquire:
                    answer.WriteMemory((byte)TryTake(session));
                    break;
                case ManagerOp.ReleaseLock:
                    answer.WriteMemory(_holder is not null);
                    Free();
                    break;
                case ManagerOp.Status:
                    answer.WriteMemory(_holder == session);
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
            Taking taking = TryTake(wait.Session);
            if (taking == Taking.NotYet) _line.Join(wait, false);
            else Hand(wait, taking);
        }
    }

    public override void Cancel(ServerWait wait)
    {
        lock (_gate)
        {
            if (_line.Leave(wait)) wait.GiveUp();
        }
    }

    public override void OnSessionEnded(ClientSession session)
    {
        lock (_gate)
        {
            if (_holder != session) return;
            _isAbandoned = true;
            Free();
        }
    }

    /// <summary>A process that is gone gets nothing: nobody would take it back.</summary>
    private Taking TryTake(ClientSession session)
    {
        if (_holder is not null || session.HasEnded) return Taking.NotYet;
        _holder = session;
        Taking taking = _isAbandoned ? Taking.Abandoned : Taking.Taken;
        _isAbandoned = false;
        return taking;
    }

    private void Free()
    {
        _holder = null;

        // A process that ends just now gets nothing, and whoever stands behind it is next.
        while (_holder is null && _line.TryNext(out ServerWait wait, out _))
        {
            Taking taking = TryTake(wait.Session);
            if (taking != Taking.NotYet) Hand(wait, taking);
        }
    }

    private static void Hand(ServerWait wait, Taking taking) => wait.Complete((ref PayloadWriter writer) => writer.WriteMemory((byte)taking));
}
