using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>
/// Keeps what the handles in one encoded message lead to open until the other side has opened them: whoever sends the
/// message makes a scope, gives it to the <see cref="PayloadWriter"/>, and disposes it when the message
/// has been read or has come to nothing (a call: when it has ended).
/// </summary>
/// <remarks>Filled by one thread while it encodes; disposed by any thread, after which it may serve another message.</remarks>
internal sealed class HandleScope : IDisposable
{
    private HandleLease[]? _leases;

    /// <summary>True when the message has no handles in it, which is the rule: nothing to wait for.</summary>
    public bool IsEmpty => _leases is null;

    /// <summary>Whether every handle has been opened by some other process.</summary>
    public bool IsAttached
    {
        get
        {
            if (_leases is not { } leases) return true;
            foreach (HandleLease lease in leases)
            {
                if (!lease.IsAttached) return false;
            }

            return true;
        }
    }

    /// <summary>What it keeps open.</summary>
    public IReadOnlyList<HandleLease> Leases => _leases ?? [];

    /// <summary>Called by a handle that writes itself.</summary>
    public void Add(HandleLease lease) => _leases = _leases is { } earlier ? [.. earlier, lease] : [lease];

    /// <summary>
    /// Blocks until <see cref="IsAttached"/>: for a process that is about to end and has just sent handles that only it holds.
    /// </summary>
    /// <returns>False when the time was up first.</returns>
    public bool WaitUntilAttached(TimeSpan timeout)
    {
        if (_leases is not { } leases) return true;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        foreach (HandleLease lease in leases)
        {
            TimeSpan rest = timeout - System.Diagnostics.Stopwatch.GetElapsedTime(start);
            if (!lease.WaitUntilAttached(rest > TimeSpan.Zero ? rest : TimeSpan.Zero)) return false;
        }

        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _leases, null) is not { } leases) return;
        foreach (HandleLease lease in leases) lease.Dispose();
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
}
