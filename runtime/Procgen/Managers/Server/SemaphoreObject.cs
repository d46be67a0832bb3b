using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The state of a semaphore: how many permits there are, and how many of them each client process has taken.</summary>
/// <remarks>
/// The rules of one in shared memory: a release gives back one's own permits first, then those that others hold, then new
/// ones. A process that was killed gives back what it holds, but never so much that there are more than at the start; one
/// that ends in good order, or has let go of its last handle, keeps what it has taken.
/// </remarks>
internal sealed class SemaphoreObject : ServerObject
{
    private readonly object _gate = new();
    private readonly WaitLine<bool> _line = new();
    private readonly Dictionary<ClientSession, int> _held = [];
    private readonly int _initial;
    private readonly int _maximum;
    private int _total;
    private int _free;

    public SemaphoreObject(int initial, int maximum)
    {
        _initial = _total = _free = initial;
        _maximum = maximum;
    }

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_gate)
        {
            switch (op)
            {
                case ManagerOp.Acquire:
                    answer.WriteMemory(TryTake(session));
                    break;
                case ManagerOp.ReleaseLock:
                    answer.WriteMemory(TryRelease(request.ReadMemory<int>(), session));
                    HandOut();
                    break;
                case ManagerOp.Count:
                    answer.WriteMemory(_free);
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
            if (TryTake(wait.Session)) wait.Complete();
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

    public override void OnLetGo(ClientSession session)
    {
        lock (_gate)
        {
            if (_held.Remove(session, out int held)) _total -= held;
        }
    }

    public override void OnSessionEnded(ClientSession session)
    {
        lock (_gate)
        {
            if (!_held.Remove(session, out int held)) return;
            int without = _total - held;
            int back = Math.Clamp(_initial - without, 0, held);
            _total = without + back;
            _free += back;
            HandOut();
        }
    }

    private bool TryTake(ClientSession session)
    {
        if (_free == 0 || session.HasEnded) return false;
        _free--;
        _held[session] = _held.GetValueOrDefault(session) + 1;
        return true;
    }

    private bool TryRelease(int count, ClientSession session)
    {
        int own = Math.Min(count, _held.GetValueOrDefault(session));
        int others = Math.Min(count - own, _total - _free - _held.GetValueOrDefault(session));
        int fresh = count - own - others;
        if (fresh > _maximum - _total) return false;
        TakeFrom(session, own);
        foreach (ClientSession other in others > 0 ? _held.Keys.Where(other => other != session).ToArray() : [])
        {
            int taken = Math.Min(others, _held[other]);
            TakeFrom(other, taken);
            others -= taken;
        }

        _total += fresh;
        _free += count;
        return true;
    }

    private void TakeFrom(ClientSession session, int count)
    {
        if (count == 0) return;
        if (_held[session] == count) _held.Remove(session);
        else _held[session] -= count;
    }

    private void HandOut()
    {
        while (_free > 0 && _line.TryNext(out ServerWait wait, out _))
        {
            if (TryTake(wait.Session)) wait.Complete();
        }
    }
}
