namespace Procgen.Benchmarks.Peers;

/// <summary>Queues and pipes between processes.</summary>
internal static class TalkRows
{
    private const int Numbers = 400_000;
    private const int RecordsEach = 100_000;
    private const int RoundTrips = 20_000;
    private const int Batch = 64;

    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("queue, one producer and one consumer, against Queue", "items/s", Bound.AtLeast(10), OneToOneAsync, Peer.Python("queue_rate.py", "Queue", "60000")),
        new("queue, one producer and one consumer, against SimpleQueue", "items/s", Bound.AtLeast(10), OneToOneAsync, Peer.Python("queue_rate.py", "SimpleQueue", "60000")),
        new("queue, 4 producers and 4 consumers, 64-byte records", "items/s", Bound.AtLeast(8), ManyToManyAsync, Peer.Python("queue_many.py", "20000")),
        new("pipe, round trip of a small message", "µs", Bound.AtMost(0.2), RoundTripAsync, Peer.Python("pipe_roundtrip.py")),
        new("pipe, messages of 1 MiB", "messages/s", Bound.AtLeast(3), LargeAsync, Peer.Python("pipe_rate.py")),
    ];

    private static async Task OneToOneAsync(Samples samples)
    {
        using ProcessQueue<int> queue = new();
        using ProcessQueue<bool> go = new();
        const int Rounds = 7;
        using ChildProcess child = ChildProcess.Start(TalkWorkTargets.Produce(queue, go, Numbers, Rounds));
        await samples.AddRateAsync(2, Rounds - 2, Numbers, () =>
        {
            go.Put(true);
            for (int x = 0; x < Numbers; x++)
            {
                if (queue.Take() != x) throw new InvalidOperationException("wrong item");
            }

            return Task.CompletedTask;
        }).ConfigureAwait(false);
        child.Join();
    }

    private static async Task ManyToManyAsync(Samples samples)
    {
        using ProcessQueue<Record> queue = new();
        using ProcessQueue<bool> go = new();
        using ProcessQueue<bool> done = new();
        const int Rounds = 4;
        ChildProcess[] workers =
        [
            .. Enumerable.Range(0, 4).Select(_ => ChildProcess.Start(TalkWorkTargets.ProduceRecords(queue, go, done, RecordsEach, Rounds))),
            .. Enumerable.Range(0, 4).Select(_ => ChildProcess.Start(TalkWorkTargets.ConsumeRecords(queue, go, done, RecordsEach, Rounds))),
        ];
        await samples.AddRateAsync(1, Rounds - 1, 4 * RecordsEach, () =>
        {
            foreach (ChildProcess _ in workers) go.Put(true);
            foreach (ChildProcess _ in workers) done.Take();
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        foreach (ChildProcess worker in workers) worker.Dispose();
    }

    private static async Task RoundTripAsync(Samples samples)
    {
        (Connection<int> near, Connection<int> far) = ProcessPipe.Create<int>();
        using ChildProcess child = ChildProcess.Start(TalkWorkTargets.Echo(far));
        far.Dispose();
        await samples.AddMicrosecondsEachAsync(2, 7, RoundTrips, () =>
        {
            for (int x = 0; x < RoundTrips; x++)
            {
                near.Send(x);
                if (near.Receive() != x) throw new InvalidOperationException("wrong message");
            }

            return Task.CompletedTask;
        }).ConfigureAwait(false);
        near.Dispose();
        child.Join();
    }

    private static async Task LargeAsync(Samples samples)
    {
        (Connection<bool> near, Connection<bool> far) = ProcessPipe.Create<bool>();
        using ChildProcess child = ChildProcess.Start(TalkWorkTargets.Drain(far, Batch));
        far.Dispose();
        byte[] message = new byte[1 << 20];
        await samples.AddRateAsync(2, 7, Batch, () =>
        {
            for (int i = 0; i < Batch; i++) near.SendBytes(message);
            near.Receive();
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        near.Dispose();
        child.Join();
    }
}

/// <summary>64 bytes.</summary>
internal record struct Record(long A, long B, long C, long D, long E, long F, long G, long H);

/// <summary>What the children of the talking rows run.</summary>
internal static class TalkWork
{
    [ProcessTarget]
    public static void Produce(ProcessQueue<int> queue, ProcessQueue<bool> go, int count, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            go.Take();
            for (int x = 0; x < count; x++) queue.Put(x);
        }
    }

    [ProcessTarget]
    public static void ProduceRecords(ProcessQueue<Record> queue, ProcessQueue<bool> go, ProcessQueue<bool> done, int count, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            go.Take();
            for (int x = 0; x < count; x++) queue.Put(new Record(x, x, x, x, x, x, x, x));
            done.Put(true);
        }
    }

    [ProcessTarget]
    public static void ConsumeRecords(ProcessQueue<Record> queue, ProcessQueue<bool> go, ProcessQueue<bool> done, int count, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            go.Take();
            for (int x = 0; x < count; x++)
            {
                Record record = queue.Take();
                if (record.A != record.H) throw new InvalidOperationException("wrong record");
            }

            done.Put(true);
        }
    }

    [ProcessTarget]
    public static void Echo(Connection<int> connection)
    {
        using Connection<int> mine = connection;
        foreach (int message in Messages(mine)) mine.Send(message);
    }

    [ProcessTarget]
    public static void Drain(Connection<bool> connection, int batch)
    {
        using Connection<bool> mine = connection;
        while (mine.Poll(Timeout.InfiniteTimeSpan))
        {
            for (int i = 0; i < batch; i++)
            {
                try
                {
                    mine.ReceiveBytes();
                }
                catch (EndOfStreamException)
                {
                    return;
                }
            }

            mine.Send(true);
        }
    }

    private static IEnumerable<int> Messages(Connection<int> connection)
    {
        while (true)
        {
            int message;
            try
            {
                message = connection.Receive();
            }
            catch (EndOfStreamException)
            {
                yield break;
            }

            yield return message;
        }
    }
}
