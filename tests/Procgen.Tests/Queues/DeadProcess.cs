using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Tests.Queues;

/// <summary>Puts the marks of a process that does not exist where a killed one would have left them.</summary>
internal static class DeadProcess
{
    /// <summary>No system gives a process this id.</summary>
    public static ulong Token { get; } = OwnerToken.Of(ProcessIdentity.From((1 << 22) - 2, 12345));

    public static void GiveLeasesTo(SharedQueueState queue, ulong owner)
    {
        LeaseTable leases = queue.Log.Head.Leases;
        for (int record = 0; record < leases.Top; record++)
        {
            if (leases.Owner(record) == OwnerToken.Current) Volatile.Write(ref leases.Owner(record), owner);
        }
    }

    public static List<T> TakeSome<T>(this ProcessQueue<T> queue, int count)
    {
        List<T> items = [];
        while (items.Count < count) items.Add(queue.Take());
        return items;
    }
}
