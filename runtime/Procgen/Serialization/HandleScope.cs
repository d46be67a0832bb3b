using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>
/// Keeps what the handles in one encoded message lead to open until the other side has opened them: whoever sends the
/// message makes a scope, gives it to the <see cref="PayloadWriter"/>, and disposes it when the message has been read or may
/// have been (a call: when it has ended). One that was never sent is withdrawn.
/// </summary>
/// <remarks>Filled by one thread while it encodes; disposed by any thread, after which it may serve another message.</remarks>
/// <param name="isAwaited">
/// Whether the sender lets go of a handle when it was opened, and not when it is told that the message is done with.
/// </param>
internal sealed class HandleScope(bool isAwaited = false) : IDisposable
{
    private List<HandleLease>? _leases;

    /// <summary>Whether each opening of one of its handles is to be counted.</summary>
    public bool IsAwaited => isAwaited;

    /// <summary>True when the message has no handles in it, which is the rule: nothing to wait for.</summary>
    public bool IsEmpty => _leases is null;

    /// <summary>Whether every handle has been opened by some other process. Of one that <see cref="IsAwaited"/>.</summary>
    public bool IsAttached
    {
        get
        {
            foreach (HandleLease lease in _leases ?? [])
            {
                if (!lease.IsAttached) return false;
            }

            return true;
        }
    }

    /// <summary>What it keeps open.</summary>
    public IReadOnlyList<HandleLease> Leases => _leases ?? (IReadOnlyList<HandleLease>)[];

    /// <summary>Called by a handle that writes itself.</summary>
    public void Add(HandleLease lease) => (_leases ??= []).Add(lease);

    /// <summary>
    /// Blocks until <see cref="IsAttached"/>: for a process that is about to end and has just sent handles that only it holds.
    /// </summary>
    /// <returns>False when the time was up first.</returns>
    public bool WaitUntilAttached(TimeSpan timeout)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        foreach (HandleLease lease in _leases ?? [])
        {
            TimeSpan rest = timeout - System.Diagnostics.Stopwatch.GetElapsedTime(start);
            if (!lease.WaitUntilAttached(rest > TimeSpan.Zero ? rest : TimeSpan.Zero)) return false;
        }

        return true;
    }

    /// <summary>The message has gone out, and nobody tells when it is read.</summary>
    public void BeginTransit() => _leases?.ForEach(static lease => lease.BeginTransit());

    /// <summary>The message was not sent: nobody can have opened any of its handles.</summary>
    public void Withdraw()
    {
        if (_leases is not null) LetGo(static lease => lease.Withdraw());
    }

    public void Dispose()
    {
        if (_leases is not null) LetGo(static lease => lease.Dispose());
    }

    // Apart: few messages have any, and a worker whose have none does without the list's code.
    private void LetGo(Action<HandleLease> how)
    {
        List<HandleLease>? leases = Interlocked.Exchange(ref _leases, null);
        leases?.ForEach(how);
    }
}

/// <summary>One reason for a thing that handles lead to, to stay open.</summary>
internal abstract class HandleLease : IDisposable
{
    /// <summary>Whether another process has opened it since the handle was written.</summary>
    public abstract bool IsAttached { get; }

    /// <summary>Blocks until <see cref="IsAttached"/> or until the time is up.</summary>
    public abstract bool WaitUntilAttached(TimeSpan timeout);

    /// <summary>The message has gone out, and nobody tells when it is read: a lease that ends by itself counts from now on.</summary>
    public virtual void BeginTransit()
    {
    }

    /// <summary>Whether another process can hold it open in this one's stead.</summary>
    public virtual bool CanBeLeft => false;

    /// <summary>Appends what that process needs, where <see cref="CanBeLeft"/>.</summary>
    public virtual void WriteHandle(ref PayloadWriter writer) => throw new NotSupportedException();

    /// <summary>Gives up the reason. Once.</summary>
    public abstract void Dispose();

    /// <summary>Gives up the reason of a handle that was never sent. Once, instead of <see cref="Dispose"/>.</summary>
    public virtual void Withdraw() => Dispose();
}
