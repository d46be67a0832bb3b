using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// The state of a condition beside its lock: who waits, in order. A client enters while it holds the lock, waits without it,
/// and leaves when it has the lock again; a notification that it did not live to use until then goes to another.
/// </summary>
internal sealed class ConditionObject : ServerObject
{
    private readonly object _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly Dictionary<long, LinkedListNode<Waiter>> _byId = [];
    private long _lastId;

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_gate)
        {
            switch (op)
            {
                case ManagerOp.EnterWaiters:
                    long id = ++_lastId;
                    if (!session.HasEnded) _byId[id] = _waiters.AddLast(new Waiter(id, session));
                    answer.WriteMemory(id);
                    break;
                case ManagerOp.LeaveWaiters:
                    answer.WriteMemory(Leave(request.ReadMemory<long>()) is { IsNotified: true });
                    break;
                case ManagerOp.Notify:
                    Notify(request.ReadMemory<int>());
                    break;
                default:
                    throw Unsupported(op);
            }
        }
    }

    public override void Begin(ServerWait wait, ref PayloadReader request)
    {
        long id = request.ReadMemory<long>();
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out LinkedListNode<Waiter>? place) || place.Value.IsNotified) wait.Complete();
            else place.Value.Wait = wait;
        }
    }

    public override void Cancel(ServerWait wait)
    {
        lock (_gate)
        {
            Waiter? waiter = _waiters.FirstOrDefault(waiter => waiter.Wait == wait);
            if (waiter is null) return;
            waiter.Wait = null;
            wait.GiveUp();
        }
    }

    public override void OnSessionEnded(ClientSession session)
    {
        lock (_gate)
        {
            Waiter[] gone = [.. _waiters.Where(waiter => waiter.Session == session)];
            foreach (Waiter waiter in gone) Leave(waiter.Id);
            Notify(gone.Count(waiter => waiter.IsNotified));
        }
    }

    private Waiter? Leave(long id)
    {
        if (!_byId.Remove(id, out LinkedListNode<Waiter>? place)) return null;
        _waiters.Remove(place);
        return place.Value;
    }

    private void Notify(int count)
    {
        for (LinkedListNode<Waiter>? place = _waiters.First; place is not null && count > 0; place = place.Next)
        {
            Waiter waiter = place.Value;
            if (waiter.IsNotified || waiter.Session.HasEnded) continue;
            waiter.IsNotified = true;
            waiter.Wait?.Complete();
            waiter.Wait = null;
            count--;
        }
    }

    private sealed class Waiter(long id, ClientSession session)
    {
        public long Id { get; } = id;

        public ClientSession Session { get; } = session;

        public bool IsNotified { get; set; }

        public ServerWait? Wait { get; set; }
    }
}
