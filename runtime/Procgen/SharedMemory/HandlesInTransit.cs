using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Shared;

/// <summary>
/// Keeps the memory behind handles that went out with queue items and messages open until their receivers have opened it.
/// Nobody tells this process when that was, so it looks now and then. A worker leaves what is still unopened to its parent, which
/// outlives it, before it ends or a pool learns that a call of its has: so an item may be taken after the one who put it is gone.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal static class HandlesInTransit
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly object s_gate = new();
    private static List<HandleScope>? s_scopes; // Made for the first: most processes send none.
    private static bool s_isLooking;

    /// <summary>Whether anything of this process's has ever been on its way. Costs nothing.</summary>
    public static bool HaveBeen => Volatile.Read(ref s_scopes) is not null;

    /// <summary>Looks what has arrived, and whether something that another process can hold in this one's stead has not.</summary>
    public static bool IsSomethingToBeLeft
    {
        get
        {
            lock (s_gate)
            {
                LetGoOfArrived(s_scopes ?? []);
                return Bequeathable().Length > 0;
            }
        }
    }

    /// <summary>Takes over the scope of a message that has gone out; null for one without handles.</summary>
    public static void Keep(HandleScope? scope)
    {
        if (scope is null) return;
        scope.BeginTransit();
        lock (s_gate)
        {
            LetGoOfArrived(s_scopes ??= []);
            s_scopes.Add(scope);
            LookLater();
        }
    }

    /// <summary>Appends handles to everything that is still on its way and can be left to another process.</summary>
    public static void WriteWill(ref PayloadWriter writer)
    {
        lock (s_gate)
        {
            HandleLease[] left = Bequeathable();
            writer.WriteMemory(left.Length);
            foreach (HandleLease lease in left) lease.WriteHandle(ref writer);
        }
    }

    /// <summary>Opens what <see cref="WriteWill"/> of a process wrote that is about to end, and keeps it in its stead.</summary>
    public static void TakeOver(ref PayloadReader reader)
    {
        int count = reader.ReadMemory<int>();
        for (int i = 0; i < count; i++)
        {
            try
            {
                HandleScope scope = new(isAwaited: true);
                scope.Add(BlockLease.ReadLeft(ref reader));
                Keep(scope);
            }
            catch (ConnectionLostException)
            {
                // Killed before this read its will.
            }
        }
    }

    /// <summary>Blocks until the heir has opened what it was left.</summary>
    /// <returns>False when the time was up first.</returns>
    public static bool WaitUntilTakenOver(TimeSpan timeout)
    {
        HandleLease[] left;
        lock (s_gate) left = Bequeathable();
        Deadline deadline = Deadline.After(timeout);
        return Array.TrueForAll(left, lease => lease.WaitUntilAttached(deadline.Rest));
    }

    /// <summary>What has arrived is to be let go also where nothing goes out any more. Under the lock.</summary>
    private static void LookLater()
    {
        if (s_isLooking || s_scopes!.Count == 0) return;
        s_isLooking = true;
        Deadlines.Schedule(LookInterval, static () =>
        {
            lock (s_gate)
            {
                s_isLooking = false;
                LetGoOfArrived(s_scopes!);
                LookLater();
            }
        });
    }

    private static HandleLease[] Bequeathable() =>
        [.. (s_scopes ?? []).SelectMany(static scope => scope.Leases).Where(static lease => lease.CanBeLeft && !lease.IsAttached)];

    private static void LetGoOfArrived(List<HandleScope> scopes) => scopes.RemoveAll(static scope =>
    {
        bool attached = scope.IsAttached;
        if (attached) scope.Dispose();
        return attached;
    });
}
