namespace Procgen.Pools;

/// <summary>
/// The calls that run on every worker: initializer, finalizer, and those of <see cref="ProcessPool.RunOnEachAsync"/>.
/// Members are called under the pool's lock unless they say otherwise.
/// </summary>
internal sealed class PoolChores
{
    private readonly PoolCore _core;
    private readonly List<Chore> _onEach = [];

    // All that were ever encoded: what their arguments lead to stays open as long as the pool.
    private readonly List<Chore> _all = [];

    public PoolChores(PoolCore core)
    {
        _core = core;
        try
        {
            if (core.Settings.Initializer is { } initializer) _onEach.Add(Encode(initializer));
            if (core.Settings.Finalizer is { } finalizer) Finalizer = Encode(finalizer);
        }
        catch
        {
            LetGo();
            throw;
        }
    }

    public Chore? Finalizer { get; }

    /// <summary>Encodes a call that will run on many workers. Takes the lock itself.</summary>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public Chore Encode(ProcessCall call)
    {
        var chore = new Chore(call);
        try
        {
            lock (_core.Gate)
            {
                _core.Life.ThrowIfClosed();
                _all.Add(chore);
                return chore;
            }
        }
        catch
        {
            chore.Dispose();
            throw;
        }
    }

    /// <summary>Runs a call on every worker, and on later ones when they start, unless it fails on one. Takes the lock itself.</summary>
    public Task RunOnEachAsync(Chore chore)
    {
        var round = new ChoreRound();
        var flush = default(FlushList);
        lock (_core.Gate)
        {
            _core.Life.ThrowIfClosed();
            _onEach.Add(chore);
            chore.Round = round;
            foreach (PoolMember member in _core.Members)
            {
                if (member.State is not (MemberState.Ready or MemberState.Initializing)) continue;
                member.Assign(chore, Join(chore, round));
                flush.Add(member);
            }
        }

        flush.Flush();
        return round.Finish();
    }

    /// <summary>Has a new worker run what comes first.</summary>
    /// <returns>Whether there is any: then <paramref name="ended"/> is called once, on its link thread.</returns>
    public bool Begin(PoolMember member, Action<Exception?> ended)
    {
        var first = new FirstChores(_onEach.Count, ended);
        foreach (Chore chore in _onEach)
        {
            // Whose caller still waits for it is no reason to end the pool; a worker that it has killed counts as one that does not begin.
            Action<Exception?>? leave = chore.Round is { IsOver: false } round ? Join(chore, round) : null;
            member.Assign(chore, leave is null ? first.Leave : error =>
            {
                leave(error);
                first.Leave(error as WorkerCrashedException);
            });
        }

        return _onEach.Count > 0;
    }

    /// <summary>The pool has ended.</summary>
    public void LetGo()
    {
        foreach (Chore chore in _all) chore.Dispose();
        _all.Clear();
    }

    private Action<Exception?> Join(Chore chore, ChoreRound round)
    {
        Action<Exception?> leave = round.Enter();
        return error =>
        {
            if (error is not null) Drop(chore);
            leave(error);
        };
    }

    /// <summary>It has failed on a worker. Its caller is told and knows what to do; on a later worker it would end the pool.</summary>
    private void Drop(Chore chore)
    {
        lock (_core.Gate) _onEach.Remove(chore);
    }
}
