using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Shared;

/// <summary>
/// Keeps the memory behind handles that went out with queue items and messages open until their receivers have opened it.
/// Nobody tells this process when that was, so it looks whenever another one goes out. A worker that ends in good order
/// leaves what is still unopened to its parent, which outlives it: so an item may be taken after the one who put it is gone.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal static class HandlesInTransit
{
    private static readonly object s_gate = new();
    private static List<HandleScope>? s_scopes; // Made for the first: most processes send none.

    /// <summary>Whether nothing of this process's is on its way.</summary>
    public static bool IsEmpty
    {
        get
        {
            lock (s_gate)
            {
                if (s_scopes is null) return true;
                LetGoOfArrived(s_scopes);
                return s_scopes.Count == 0;
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
                HandleScope scope = new();
                scope.Add(new BlockLease(SharedBlock.Read(ref reader)));
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

    private static HandleLease[] Bequeathable() =>
        [.. (s_scopes ?? []).SelectMany(static scope => scope.Leases).Where(static lease => lease.CanBeLeft && !lease.IsAttached)];

    private static void LetGoOfArrived(List<HandleScope> scopes) => scopes.RemoveAll(static scope =>
    {
        bool attached = scope.IsAttached;
        if (attached) scope.Dispose();
        return attached;
    });
}
