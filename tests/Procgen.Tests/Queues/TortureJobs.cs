using System.Diagnostics;

namespace Procgen.Tests.Queues;

/// <summary>What one process of a torture test does until it is told to stop, or killed.</summary>
internal static class TortureJobs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    [ProcessTarget]
    public static void UseQueue(ProcessQueue<TortureItem> queue, string ledgerPath, int processes, int number, ProcessQueue<int> ready)
    {
        using TortureLedger ledger = TortureLedger.Open(ledgerPath, processes);
        Random random = new(number);
        bool isReady = false;
        while (!ledger.IsOver)
        {
            int dice = random.Next(8);
            if (dice < 4 && queue.Count < 300) Put(queue, ledger, number, random);
            else if (dice < 6) Take(queue, ledger, number);
            else Lease(queue, ledger, number, complete: dice == 6);
            if (!isReady && random.Next(10) == 0)
            {
                isReady = true;
                Report(ready, number);
            }
        }
    }

    [ProcessTarget]
    public static void UsePipe(Connection<TortureItem> connection, string ledgerPath, int processes, int number, ProcessQueue<int> ready)
    {
        using TortureLedger ledger = TortureLedger.Open(ledgerPath, processes);
        using Connection<TortureItem> mine = connection;
        Thread sender = new(() =>
        {
            Random random = new(number);
            while (!ledger.IsOver && ledger.Put(number) < TortureLedger.MaxItems) Send(mine, ledger, number, random);
        });
        sender.Start();
        for (int turn = 0; !ledger.IsOver || sender.IsAlive; turn++)
        {
            Volatile.Write(ref ledger.Taking(number), 1);
            if (mine.TryReceive(out TortureItem? item, Patience)) Note(ledger, item);
            Volatile.Write(ref ledger.Taking(number), 0);
            if (turn == 3) Report(ready, number);
        }

        sender.Join();
    }

    /// <summary>Says that this process works, and makes way for the next replacement: the cores are few.</summary>
    private static void Report(ProcessQueue<int> ready, int number)
    {
        using Process self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
        ready.Put(number);
    }

    private static void Put(ProcessQueue<TortureItem> queue, TortureLedger ledger, int number, Random random)
    {
        int next = ledger.Put(number);
        if (next == TortureLedger.MaxItems) return;
        Volatile.Write(ref ledger.Begun(number), next + 1);
        queue.Put(TortureItem.Create(TortureLedger.ItemOf(number, next), random));
        Volatile.Write(ref ledger.Put(number), next + 1);
    }

    private static void Send(Connection<TortureItem> connection, TortureLedger ledger, int number, Random random)
    {
        int next = ledger.Put(number);
        Volatile.Write(ref ledger.Begun(number), next + 1);
        connection.Send(TortureItem.Create(TortureLedger.ItemOf(number, next), random));
        Volatile.Write(ref ledger.Put(number), next + 1);
    }

    private static void Take(ProcessQueue<TortureItem> queue, TortureLedger ledger, int number)
    {
        Volatile.Write(ref ledger.Taking(number), 1);
        if (queue.TryTake(out TortureItem? item, Patience)) Note(ledger, item);
        Volatile.Write(ref ledger.Taking(number), 0);
    }

    private static void Lease(ProcessQueue<TortureItem> queue, TortureLedger ledger, int number, bool complete)
    {
        if (!queue.TryLease(out QueueLease<TortureItem>? lease, Patience)) return;
        using (lease)
        {
            lease.Value.Check();
            if (!complete) return;
            Volatile.Write(ref ledger.Taking(number), 1);
            lease.Complete();
            Note(ledger, lease.Value);
            Volatile.Write(ref ledger.Taking(number), 0);
        }
    }

    private static void Note(TortureLedger ledger, TortureItem item)
    {
        item.Check();
        ledger.Note(item.Id);
    }
}

/// <summary>An item that shows whether it arrived whole: small, or with pages of its own.</summary>
public sealed class TortureItem
{
    public long Id { get; set; }

    public byte[] Bytes { get; set; } = [];

    public static TortureItem Create(long id, Random random)
    {
        int length = random.Next(20) switch { 0 => random.Next(200_000), < 4 => random.Next(20_000), _ => random.Next(400) };
        byte[] bytes = new byte[length];
        Array.Fill(bytes, (byte)id);
        return new TortureItem { Id = id, Bytes = bytes };
    }

    public void Check()
    {
        if (Bytes.AsSpan().IndexOfAnyExcept((byte)Id) >= 0) throw new InvalidDataException($"Item {Id:x} is damaged.");
    }
}
