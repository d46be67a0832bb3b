using Procgen.Shared;

namespace Procgen.Pools;

/// <summary>
/// Whether a pool still takes work, and how it comes to its end: closed, it waits for what was accepted and lets its
/// workers go; terminated, it ends both at once. The first reason stays.
/// </summary>
/// <remarks>Under the pool's lock, where nothing else is said.</remarks>
internal sealed class PoolLife(PoolCore core)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _hasEnded = new();
    private readonly HashSet<IPoolOperation> _operations = [];

    // A work with many items is there once for each of them.
    private readonly LinkedList<PoolWork> _untold = [];
    private Exception? _broken;
    private bool _isClosing;

    public bool IsTerminated { get; private set; }

    /// <summary>Whether no more workers are wanted.</summary>
    public bool IsWindingDown { get; private set; }

    /// <summary>Completes when the last worker is gone. Without the lock.</summary>
    public Task Ended => _ended.Task;

    /// <summary>As <see cref="Ended"/>, for threads that wait. Without the lock.</summary>
    public bool WaitUntilEnded(Deadline deadline) => deadline.Wait(_hasEnded.Wait);

    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void ThrowIfClosed()
    {
        if (_broken is not null) throw new ProcgenException($"Pool {core.Settings.Name} has ended: {_broken.Message}", _broken);
        ObjectDisposedException.ThrowIf(_isClosing, typeof(ProcessPool));
    }

    /// <summary>A map begins: closing waits for <see cref="EndOperation"/>. Without the lock.</summary>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void BeginOperation(IPoolOperation operation)
    {
        lock (core.Gate)
        {
            ThrowIfClosed();
            _operations.Add(operation);
        }
    }

    /// <summary>Without the lock.</summary>
    public void EndOperation(IPoolOperation operation)
    {
        lock (core.Gate)
        {
            _operations.Remove(operation);
            WindDownIfDone();
        }
    }

    /// <summary>The number of workers has changed.</summary>
    public void TellOperations()
    {
        foreach (IPoolOperation operation in _operations) operation.OnResized();
    }

    /// <summary>An item of a work has ended that will be told of later: closing waits for <see cref="EndTelling"/>, terminating does not. Without the lock.</summary>
    public LinkedListNode<PoolWork> BeginTelling(PoolWork work)
    {
        lock (core.Gate)
        {
            if (IsTerminated) work.Abandon(Reason()); // It was lost with its worker, where terminating did not find it.
            return _untold.AddLast(work);
        }
    }

    /// <summary>Without the lock.</summary>
    public void EndTelling(LinkedListNode<PoolWork> told)
    {
        lock (core.Gate)
        {
            _untold.Remove(told);
            WindDownIfDone();
        }
    }

    /// <summary>Whether it is too late for a work: then it has been told so.</summary>
    /// <param name="work">The work.</param>
    /// <param name="isOperation">Whether it belongs to a map that has begun.</param>
    public bool Refuses(PoolWork work, bool isOperation)
    {
        if (!IsTerminated && (isOperation || !_isClosing)) return false;
        work.Abandon(IsTerminated ? Reason() : new ObjectDisposedException(typeof(ProcessPool).FullName));
        work.Settle(work.Count);
        return true;
    }

    /// <summary>Lets accepted work end, then the workers. Without the lock.</summary>
    public void Close()
    {
        lock (core.Gate)
        {
            _isClosing = true;
            WindDownIfDone();
        }
    }

    /// <summary>Ends all work and all workers now. Without the lock.</summary>
    /// <param name="reason">What the calls are told; null where the caller terminated the pool.</param>
    public void Terminate(Exception? reason = null)
    {
        PoolMember[] members;
        List<PoolWork> works;
        IPoolOperation[] operations;
        lock (core.Gate)
        {
            _isClosing = true;
            if (IsTerminated) return;
            IsTerminated = IsWindingDown = true;
            _broken = reason;
            works = [.. core.RemoveAllWork(), .. _untold];
            members = [.. core.Members];
            operations = [.. _operations];
            foreach (PoolMember member in members) member.WasKilled = true;
            core.Staff.GiveUp(reason);
        }

        foreach (PoolWork work in works.Distinct()) work.Abandon(Reason());
        foreach (IPoolOperation operation in operations) operation.OnPoolEnded(Reason()); // It may have nothing here, and wait for what it will give next.
        foreach (PoolMember member in members) member.Process.Kill(entireTree: false);
        lock (core.Gate) EndIfEmpty();
    }

    public void WindDownIfDone()
    {
        if (_isClosing && !IsWindingDown && _operations.Count == 0 && _untold.Count == 0 && core.HasNoWork)
        {
            IsWindingDown = true;
            core.Staff.GiveUp(null);
            core.Staff.RetireAll();
        }

        EndIfEmpty();
    }

    public void EndIfEmpty()
    {
        if (!IsWindingDown || core.Members.Count > 0 || core.Staff.Starter.Starting > 0 || _hasEnded.IsSet) return;
        core.Staff.Starter.Post(() => PoolMetrics.Remove(core));
        core.Staff.Starter.Dismiss();
        core.Staff.Chores.LetGo();
        core.CloseHeap();
        _hasEnded.Set();
        _ended.TrySetResult();
    }

    /// <summary>What those hear who wait for the pool's work when it has ended early.</summary>
    private Exception Reason() => _broken ?? new OperationCanceledException("The pool was terminated.", new CancellationToken(canceled: true));
}
