using System.Diagnostics;

namespace Procgen.Benchmarks.Peers;

/// <summary>Queues and pipes between processes.</summary>
internal static class QueueRows
{
    private const int Integers = 300_000;
    private const int PythonIntegers = 30_000;
    private const int Records = 20_000;
    private const int PythonRecords = 5_000;

    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("queue of integers, 1 producer and 1 consumer, against Queue", "items/s", Bound.AtLeast(10), IntegersAsync, Peer.Python("queue_rate.py", "Queue", $"{PythonIntegers}")),
        new("queue of integers, 1 producer and 1 consumer, against SimpleQueue", "items/s", Bound.AtLeast(10), IntegersAsync, Peer.Python("queue_rate.py", "SimpleQueue", $"{PythonIntegers}")),
        new("queue of 64-byte records, 4 producers and 4 consumers", "items/s", Bound.AtLeast(8), RecordsAsync, Peer.Python("queue_many.py", $"{PythonRecords}")),
        new("pipe round trip of an integer", "µs", Bound.AtMost(0.2), RoundTripAsync, Peer.Python("pipe_roundtrip.py")),
        new("pipe with messages of 1 MiB", "messages/s", Bound.AtLeast(3), LargeMessagesAsync, Peer.Python("pipe_rate.py")),
    ];

    private static async Task IntegersAsync(Samples samples)
    {
        using var queue = new ProcessQueue<int>();
        using var go = new ProcessSemaphore(0);
        await using ChildProcess producer = ChildProcess.Start(QueueWorkTargets.Produce(queue, go, QueueWork.Rounds, Integers));
        await samples.AddRateAsync(1, QueueWork.Rounds - 1, Integers, () =>
        {
            go.Release();
            for (int i = 0; i < Integers; i++)
            {
                if (queue.Take() != i) throw new InvalidOperationException("wrong item");
            }

            return Task.CompletedTask;
        }).ConfigureAwait(false);
        await producer.Completion.ConfigureAwait(false);
    }

    private static async Task RecordsAsync(Samples samples)
    {
        for (int round = 0; round < 3; round++)
        {
            using var queue = new ProcessQueue<byte[]>();
            using var gate = new ProcessBarrier(9);
            ChildProcess[] workers =
            [
                .. Enumerable.Range(0, 4).SelectMany(_ => new[]
                {
                    ChildProcess.Start(QueueWorkTargets.PutRecords(queue, gate, Records)), ChildProcess.Start(QueueWorkTargets.TakeRecords(queue, gate, Records)),
                }),
            ];
            gate.Wait();
            long started = Stopwatch.GetTimestamp();
            foreach (ChildProcess worker in workers) await worker.Completion.ConfigureAwait(false);
            if (round >= 1) samples.Add(4 * Records / Stopwatch.GetElapsedTime(started).TotalSeconds);
            foreach (ChildProcess worker in workers) worker.Dispose();
        }
    }

    private static async Task RoundTripAsync(Samples samples)
    {
        const int Count = 5_000;
        (Connection<int> near, Connection<int> far) = ProcessPipe.Create<int>();
        using (near)
        {
            await using ChildProcess echo = ChildProcess.Start(QueueWorkTargets.Echo(far));
            far.Dispose();
            await samples.AddMicrosecondsEachAsync(2, 7, Count, () =>
            {
                for (int i = 1; i <= Count; i++)
                {
                    near.Send(i);
                    if (near.Receive() != i) throw new InvalidOperationException("wrong message");
                }

                return Task.CompletedTask;
            }).ConfigureAwait(false);
            near.Send(0);
            await echo.Completion.ConfigureAwait(false);
        }
    }

    private static async Task LargeMessagesAsync(Samples samples)
    {
        (Connection<bool> near, Connection<bool> far) = ProcessPipe.Create<bool>();
        using (near)
        {
            await using ChildProcess drain = ChildProcess.Start(QueueWorkTargets.Drain(far));
            far.Dispose();
            byte[] message = new byte[1 << 20];
            await samples.AddRateAsync(2, 7, QueueWork.Batch, () =>
            {
                for (int i = 0; i < QueueWork.Batch; i++) near.SendBytes(message);
                near.Receive();
                return Task.CompletedTask;
            }).ConfigureAwait(false);
            near.SendBytes([]);
            await drain.Completion.ConfigureAwait(false);
        }
    }
}

/// <summary>What the children run.</summary>
internal static class QueueWork
{
    public const int Rounds = 4;
    public const int Batch = 64;

    [ProcessTarget]
    public static void Produce(ProcessQueue<int> queue, ProcessSemaphore go, int rounds, int count)
    {
        for (int round = 0; round < rounds; round++)
        {
            go.Acquire();
            for (int i = 0; i < count; i++) queue.Put(i);
        }
    }

    [ProcessTarget]
    public static void PutRecords(ProcessQueue<byte[]> queue, ProcessBarrier gate, int count)
    {
        byte[] item = new byte[64];
        gate.Wait();
        for (int i = 0; i < count; i++) queue.Put(item);
    }

    [ProcessTarget]
    public static void TakeRecords(ProcessQueue<byte[]> queue, ProcessBarrier gate, int count)
    {
        gate.Wait();
        for (int i = 0; i < count; i++)
        {
            if (queue.Take().Length != 64) throw new InvalidOperationException("wrong record");
        }
    }

    /// <summary>Sends every message back, until a zero.</summary>
    [ProcessTarget]
    public static void Echo(Connection<int> connection)
    {
        for (int message; (message = connection.Receive()) != 0;) connection.Send(message);
    }

    /// <summary>Acknowledges every full batch, until an empty message.</summary>
    [ProcessTarget]
    public static void Drain(Connection<bool> connection)
    {
        byte[] message = new byte[1 << 20];
        for (int received = 1; connection.ReceiveBytes(message) > 0; received++)
        {
            if (received % Batch == 0) connection.Send(true);
        }
    }
}
