using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>How a wait at a barrier ended.</summary>
internal enum BarrierAnswer : byte
{
    Passed = 1,
    Broken,

    /// <summary>The caller came last: it runs the action, and says how that ended.</summary>
    Act,
}

/// <summary>The state of a barrier: who has arrived in this round.</summary>
/// <remarks>
/// A party that is killed, or gives up, while others wait for it breaks the round, as one that runs the action and fails or
/// dies does. While the action runs nobody gives up: the round is complete.
/// </remarks>
internal sealed class BarrierObject(int parties) : ServerObject
{
    private readonly object _gate = new();
    private readonly List<ServerWait> _arrived = [];

    /// <summary>More callers than parties: they arrive when the action has ended.</summary>
    private readonly List<(ServerWait Wait, bool HasAction)> _early = [];
    private ClientSession? _actor;
    private long _round;
    private bool _isBroken;

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_gate)
        {
            switch (op)
            {
                case ManagerOp.Status:
                    answer.WriteMemory(_actor is null ? _arrived.Count : 0);
                    answer.WriteMemory(_isBroken);
                    break;
                case ManagerOp.Abort:
                    Break();
                    break;
                case ManagerOp.Reset:
                    EndRound(BarrierAnswer.Broken);
                    _isBroken = false;
                    break;
                case ManagerOp.EndAction:
                    answer.WriteMemory(EndAction(request.ReadMemory<long>(), passed: request.ReadMemory<bool>()));
                    break;
                default:
                    throw Unsupported(op);
            }
        }
    }

    public override void Begin(ServerWait wait, ref PayloadReader request)
    {
        bool hasAction = request.ReadMemory<bool>();
        lock (_gate)
        {
            if (_actor is null) Arrive(wait, hasAction);
            else _early.Add((wait, hasAction));
        }
    }

    public override void Cancel(ServerWait wait)
    {
        lock (_gate)
        {
            if (_early.RemoveAll(early => early.Wait == wait) > 0)
            {
                wait.GiveUp();
            }
            else if (_actor is null && _arrived.Remove(wait))
            {
                Break();
                wait.GiveUp();
            }
        }
    }

    public override void OnSessionEnded(ClientSession session)
    {
        lock (_gate)
        {
            if (_actor == session || _arrived.Exists(wait => wait.Session == session)) Break();
        }
    }

    private void Arrive(ServerWait wait, bool hasAction)
    {
        if (_isBroken)
        {
            Answer(wait, BarrierAnswer.Broken, 0);
            return;
        }

        _arrived.Add(wait);
        if (_arrived.Count < parties) return;
        if (_arrived.Exists(arrived => arrived.HasGone)) Break();
        else if (!hasAction) EndRound(BarrierAnswer.Passed);
        else BeginAction(wait);
    }

    private void BeginAction(ServerWait last)
    {
        _arrived.Remove(last);
        _actor = last.Session;
        long round = _round;
        last.Complete((ref PayloadWriter writer) =>
        {
            writer.WriteMemory((byte)BarrierAnswer.Act);
            writer.WriteMemory(parties - 1);
            writer.WriteMemory(round);
        });
    }

    /// <returns>Whether the round is passed: it may have been broken meanwhile.</returns>
    private bool EndAction(long round, bool passed)
    {
        if (_round != round || _actor is null) return false;
        if (passed) EndRound(BarrierAnswer.Passed);
        else Break();
        return passed;
    }

    private void Break()
    {
        if (_isBroken) return;
        _isBroken = true;
        EndRound(BarrierAnswer.Broken);
    }

    private void EndRound(BarrierAnswer how)
    {
        ServerWait[] arrived = [.. _arrived];
        _arrived.Clear();
        _actor = null;
        _round++;
        for (int place = 0; place < arrived.Length; place++) Answer(arrived[place], how, place);
        (ServerWait Wait, bool HasAction)[] early = [.. _early];
        _early.Clear();
        foreach ((ServerWait wait, bool hasAction) in early)
        {
            if (_actor is null) Arrive(wait, hasAction);
            else _early.Add((wait, hasAction));
        }
    }

    private static void Answer(ServerWait wait, BarrierAnswer how, int place) => wait.Complete((ref PayloadWriter writer) =>
    {
        writer.WriteMemory((byte)how);
        writer.WriteMemory(place);
    });
}
