using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>Sources that go on only when they have seen a result, as queues do that are filled by who reads the results.</summary>
[CancelAfter(120_000)]
public sealed class PoolMapSourceTests : IDisposable
{
    private const int Rounds = 20;
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);
    private readonly ProcessPool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Test]
    public async Task What_has_been_given_is_answered_while_the_source_waits([Values(null, 1, 7)] int? chunkSize, [Values] bool ordered, [Values] bool blocking)
    {
        // It has learned that items are short, and makes large chunks of them.
        await _pool.MapAsync(Enumerable.Range(0, 100_000), PoolJobsTargets.Square).WaitAsync(Guard);
        using var items = new BlockingCollection<int> { 0 };
        var options = new PoolMapOptions { ChunkSize = chunkSize, Ordered = ordered };
        List<int> squares = await Task.Factory.StartNew(() => blocking ? Play(items, options) : PlayAsync(items, options).GetAwaiter().GetResult(), TaskCreationOptions.LongRunning).WaitAsync(Guard);
        Assert.That(squares, Is.EqualTo(Enumerable.Range(0, Rounds).Select(static x => x * x)));
    }

    [Test]
    public async Task Several_items_that_were_given_together_are_answered_while_the_source_waits([Values(null, 1, 7)] int? chunkSize)
    {
        await _pool.MapAsync(Enumerable.Range(0, 100_000), PoolJobsTargets.Square).WaitAsync(Guard);
        using var heard = new CountdownEvent(Rounds);
        Task reading = Task.Factory.StartNew(() =>
        {
            foreach (CallOutcome<int, int> outcome in ToBlocking(_pool.MapOutcomesAsync(GiveThenWait(heard), PoolJobsTargets.Square, new PoolMapOptions { ChunkSize = chunkSize })))
                if (outcome.Item >= 0) heard.Signal();
        }, TaskCreationOptions.LongRunning);
        await reading.WaitAsync(Guard);
    }

    [Test]
    public async Task A_source_that_throws_after_a_wait_ends_the_map_with_its_error([Values] bool blocking)
    {
        await _pool.MapAsync(Enumerable.Range(0, 100_000), PoolJobsTargets.Square).WaitAsync(Guard);
        List<int> squares = [];
        Task reading = Task.Factory.StartNew(() =>
        {
            IEnumerable<int> results = blocking ? _pool.MapStream(WaitThenThrow(squares), PoolJobsTargets.Square) : ToBlocking(_pool.MapStreamAsync(WaitThenThrow(squares), PoolJobsTargets.Square));
            foreach (int square in results) lock (squares) squares.Add(square);
        }, TaskCreationOptions.LongRunning);
        Assert.That(async () => await reading.WaitAsync(Guard), Throws.TypeOf<FormatException>());
        Assert.That(squares, Is.EqualTo(new[] { 1, 4, 9 }));
    }

    [Test]
    public async Task A_blocking_stream_that_is_left_does_not_wait_for_its_source()
    {
        using var items = new BlockingCollection<int> { 3 };
        Task<int> first = Task.Factory.StartNew(() => _pool.MapStream(items.GetConsumingEnumerable(), PoolJobsTargets.Square).First(), TaskCreationOptions.LongRunning);
        Assert.That(await first.WaitAsync(Guard), Is.EqualTo(9));
        items.CompleteAdding();
    }

    [Test]
    public async Task A_source_goes_on_when_a_reader_that_takes_its_time_has_made_room([Values(1, 3)] int window, [Values] bool ordered)
    {
        List<int> squares = [];
        Task reading = Task.Factory.StartNew(() =>
        {
            foreach (int square in _pool.MapStream(Give(Rounds), PoolJobsTargets.Square, new PoolMapOptions { MaxInFlight = window, Ordered = ordered }))
            {
                squares.Add(square);
                Thread.Sleep(10); // All that is in flight has ended meanwhile: nothing but this reader can wake who feeds.
            }
        }, TaskCreationOptions.LongRunning);
        await reading.WaitAsync(Guard);
        Assert.That(squares, Is.EquivalentTo(Enumerable.Range(0, Rounds).Select(static x => x * x)));
    }

    [Test]
    public async Task A_blocking_stream_leaves_its_source_as_much_stack_as_other_threads_have()
    {
        Task<int[]> reading = Task.Factory.StartNew(() => _pool.MapStream(Give(1).Select(static _ => Descend(1000)), PoolJobsTargets.Square).ToArray(), TaskCreationOptions.LongRunning);
        Assert.That(await reading.WaitAsync(Guard), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task An_asynchronous_source_that_waits_is_told_and_disposed_when_the_reader_leaves()
    {
        var disposed = new TaskCompletionSource();
        await foreach (int square in _pool.MapStreamAsync(GiveThenWaitAsync(disposed), PoolJobsTargets.Square)) break;
        await disposed.Task.WaitAsync(Guard);
    }

    [Test]
    public async Task A_map_that_is_cancelled_says_so_with_its_callers_token_though_its_source_was_told_too([Values] bool ofEnumerator)
    {
        var disposed = new TaskCompletionSource();
        using var cancellation = new CancellationTokenSource();
        IAsyncEnumerable<int> squares = _pool.MapStreamAsync(GiveThenWaitAsync(disposed), PoolJobsTargets.Square, cancellationToken: ofEnumerator ? default : cancellation.Token);
        await using IAsyncEnumerator<int> enumerator = squares.GetAsyncEnumerator(ofEnumerator ? cancellation.Token : default);
        Assert.That(await enumerator.MoveNextAsync().AsTask().WaitAsync(Guard), Is.True);
        Task<bool> next = enumerator.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        OperationCanceledException? error = Assert.CatchAsync<OperationCanceledException>(() => next.WaitAsync(Guard));
        Assert.That(error!.CancellationToken, Is.EqualTo(cancellation.Token));
        await disposed.Task.WaitAsync(Guard);
    }

    [Test]
    public async Task A_stream_that_waits_for_its_source_ends_with_its_pool([Values] bool asynchronous)
    {
        using var pool = new ProcessPool(1);
        using var items = new BlockingCollection<int> { 3 };
        try
        {
            IAsyncEnumerable<int> squares = asynchronous
                ? pool.MapStreamAsync(GiveThenWaitAsync(new TaskCompletionSource()), PoolJobsTargets.Square)
                : pool.MapStreamAsync(items.GetConsumingEnumerable(), PoolJobsTargets.Square);
            await using IAsyncEnumerator<int> enumerator = squares.GetAsyncEnumerator();
            Assert.That(await enumerator.MoveNextAsync().AsTask().WaitAsync(Guard), Is.True);
            Task next = enumerator.MoveNextAsync().AsTask();
            await EndAsync(pool);
            Assert.CatchAsync<OperationCanceledException>(() => next.WaitAsync(Guard));
        }
        finally
        {
            items.CompleteAdding();
        }
    }

    [Test]
    public async Task A_collecting_map_that_waits_for_its_source_ends_with_its_pool()
    {
        using var pool = new ProcessPool(1);
        using var items = new BlockingCollection<int> { 3 };
        try
        {
            Task<int[]> map = pool.MapAsync(items.GetConsumingEnumerable(), PoolJobsTargets.Square);
            await EndAsync(pool);
            Assert.CatchAsync<OperationCanceledException>(() => map.WaitAsync(Guard));
        }
        finally
        {
            items.CompleteAdding();
        }
    }

    [Test]
    public async Task A_collecting_map_fails_when_what_ran_has_ended_though_its_source_waits()
    {
        using var items = new BlockingCollection<int> { 3 };
        Task<int[]> map = _pool.MapAsync(items.GetConsumingEnumerable(), static x => PoolJobsTargets.SquareOrThrow(x, 3));
        try
        {
            Assert.That(async () => await map.WaitAsync(Guard), Throws.TypeOf<FormatException>());
        }
        finally
        {
            items.CompleteAdding();
        }
    }

    [Test]
    public async Task A_blocking_map_ends_though_its_source_waits([Values("cancelled", "failed", "terminated")] string how)
    {
        using var pool = new ProcessPool(1);
        using var items = new BlockingCollection<int> { 3 };
        using var cancellation = new CancellationTokenSource();
        Task<int[]> map = Task.Factory.StartNew(
            () => pool.Map(items.GetConsumingEnumerable(), x => PoolJobsTargets.SquareOrThrow(x, how == "failed" ? 3 : 0), cancellationToken: cancellation.Token),
            TaskCreationOptions.LongRunning);
        try
        {
            if (how == "terminated") await EndAsync(pool);
            if (how == "cancelled")
            {
                await TestWait.UntilAsync(() => pool.GetStatistics() is { Completed: 1, Running: 0, Queued: 0 });
                await cancellation.CancelAsync();
            }

            Assert.That(async () => await map.WaitAsync(Guard), how == "failed" ? Throws.TypeOf<FormatException>() : Throws.InstanceOf<OperationCanceledException>());
        }
        finally
        {
            items.CompleteAdding();
        }
    }

    [Test]
    public async Task What_a_channel_is_given_after_its_reader_has_left_stays_there()
    {
        for (int i = 0; i < 50; i++)
        {
            Channel<int> channel = Channel.CreateUnbounded<int>();
            channel.Writer.TryWrite(3);
            var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await foreach (int _ in _pool.MapStreamAsync(ReadTwiceAsync(channel.Reader, waits), PoolJobsTargets.Square))
            {
                await waits.Task.WaitAsync(Guard);
                break;
            }

            channel.Writer.TryWrite(4);
            Assert.That(channel.Reader.TryRead(out int left), Is.True);
            Assert.That(left, Is.EqualTo(4));
        }
    }

    [Test]
    public async Task A_reader_that_leaves_does_not_wait_for_what_its_source_does_then()
    {
        var hasLeft = new ManualResetEventSlim();
        await Task.Run(async () =>
        {
            await foreach (int _ in _pool.MapStreamAsync(GiveThenCleanUpAsync(hasLeft), PoolJobsTargets.Square)) break;
            hasLeft.Set();
        }).WaitAsync(Guard);
    }

    [Test]
    public async Task Several_items_of_an_asynchronous_source_are_answered_while_it_blocks([Values(null, 1, 7)] int? chunkSize)
    {
        await _pool.MapAsync(Enumerable.Range(0, 100_000), PoolJobsTargets.Square).WaitAsync(Guard);
        using var heard = new CountdownEvent(Rounds);
        Task reading = Task.Run(async () =>
        {
            await foreach (int square in _pool.MapStreamAsync(GiveThenBlockAsync(heard), PoolJobsTargets.Square, new PoolMapOptions { ChunkSize = chunkSize }))
                if (square >= 0 && !heard.IsSet) heard.Signal();
        });
        await reading.WaitAsync(Guard);
    }

    private static async IAsyncEnumerable<int> GiveThenCleanUpAsync(ManualResetEventSlim hasLeft, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            yield return 3;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            hasLeft.Wait(CancellationToken.None);
        }
    }

    private static async IAsyncEnumerable<int> ReadTwiceAsync(ChannelReader<int> reader, TaskCompletionSource waits, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return await reader.ReadAsync(cancellationToken);
        ValueTask<int> next = reader.ReadAsync(cancellationToken);
        waits.SetResult();
        yield return await next;
    }

    private static async Task EndAsync(ProcessPool pool)
    {
        await TestWait.UntilAsync(() => pool.GetStatistics() is { Completed: 1, Running: 0, Queued: 0 });
        pool.Terminate();
    }

    private static async IAsyncEnumerable<int> GiveThenWaitAsync(TaskCompletionSource disposed, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            yield return 3;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            disposed.TrySetResult();
        }
    }

    private static IEnumerable<int> Give(int count)
    {
        for (int i = 0; i < count; i++) yield return i;
    }

    /// <summary>Half a megabyte of stack, as a walk through a deep tree takes.</summary>
    private static int Descend(int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Span<byte> room = stackalloc byte[512];
        room.Fill((byte)depth);
        return depth == 0 ? room[0] : Descend(depth - 1) + room[7] - room[8];
    }

    private static async IAsyncEnumerable<int> GiveThenBlockAsync(CountdownEvent heard)
    {
        foreach (int item in GiveThenWait(heard)) yield return item;
        await Task.Yield();
    }

    private static IEnumerable<int> GiveThenWait(CountdownEvent heard)
    {
        for (int i = 0; i < Rounds; i++) yield return i;
        heard.Wait();
        yield return -1;
    }

    private static IEnumerable<int> WaitThenThrow(List<int> squares)
    {
        for (int i = 1; i <= 3; i++) yield return i;
        while (true)
        {
            lock (squares) if (squares.Count == 3) throw new FormatException("no more");
            Thread.Sleep(1);
        }
    }

    private static IEnumerable<T> ToBlocking<T>(IAsyncEnumerable<T> items)
    {
        IAsyncEnumerator<T> enumerator = items.GetAsyncEnumerator();
        try
        {
            while (enumerator.MoveNextAsync().AsTask().GetAwaiter().GetResult()) yield return enumerator.Current;
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void Answer(BlockingCollection<int> items, List<int> squares, int square)
    {
        squares.Add(square);
        if (squares.Count == Rounds) items.CompleteAdding();
        else items.Add(squares.Count);
    }

    private List<int> Play(BlockingCollection<int> items, PoolMapOptions options)
    {
        List<int> squares = [];
        foreach (int square in _pool.MapStream(items.GetConsumingEnumerable(), PoolJobsTargets.Square, options)) Answer(items, squares, square);
        return squares;
    }

    private async Task<List<int>> PlayAsync(BlockingCollection<int> items, PoolMapOptions options)
    {
        List<int> squares = [];
        await foreach (int square in _pool.MapStreamAsync(items.GetConsumingEnumerable(), PoolJobsTargets.Square, options)) Answer(items, squares, square);
        return squares;
    }
}
