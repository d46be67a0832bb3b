using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>Calls that run on every worker.</summary>
[CancelAfter(120_000)]
public sealed class PoolChoreTests
{
    // More than a worker's board has words for.
    private const int Many = 1500;
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task More_calls_on_each_worker_than_may_be_with_it_all_run_once_and_in_order()
    {
        string file = Path.GetTempFileName();
        await using var pool = new ProcessPool(1);
        await pool.StartAsync().WaitAsync(Guard);
        Task<int> busy = pool.RunAsync(PoolJobsTargets.Sleep(1000));
        Task[] chores = [.. Enumerable.Range(0, Many).Select(i => pool.RunOnEachAsync(PoolJobsTargets.AppendLine(file, $"{i}")))];
        Task<int> last = pool.RunAsync(PoolJobsTargets.Square(3));
        await Task.WhenAll(chores).WaitAsync(Guard);
        Assert.That((await busy.WaitAsync(Guard), await last.WaitAsync(Guard)), Is.EqualTo((1000, 9)));
        Assert.That(File.ReadLines(file), Is.EqualTo(Enumerable.Range(0, Many).Select(static i => $"{i}")));

        // A later worker has more to begin with than it has places.
        pool.Resize(2);
        await pool.StartAsync().WaitAsync(Guard);
        await pool.CloseAsync().WaitAsync(Guard);
        Assert.That(File.ReadLines(file).Skip(Many), Is.EqualTo(Enumerable.Range(0, Many).Select(static i => $"{i}")));
        File.Delete(file);
    }

    [Test]
    public async Task Calls_on_each_worker_that_wait_for_one_that_dies_fail_with_it([Values] bool killed)
    {
        await using var pool = new ProcessPool(1);
        await pool.StartAsync().WaitAsync(Guard);
        Task busy = pool.RunAsync(PoolJobsTargets.Spin());
        await TestWait.UntilAsync(() => pool.Workers[0].RunningTarget is not null);
        Task[] chores = [.. Enumerable.Range(0, Many).Select(i => pool.RunOnEachAsync(PoolJobsTargets.Nothing(i)))];
        if (killed) System.Diagnostics.Process.GetProcessById(pool.Workers[0].Id).Kill();
        else pool.Terminate();
        Type expected = killed ? typeof(WorkerCrashedException) : typeof(OperationCanceledException);
        foreach (Task call in chores.Prepend(busy)) Assert.That(Assert.CatchAsync(() => call.WaitAsync(Guard)), Is.InstanceOf(expected));
        if (killed) Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
    }

    [Test]
    public async Task A_call_goes_to_who_has_nothing_to_do_rather_than_behind_a_call_on_each_worker()
    {
        using var opened = new ProcessEvent();
        await using var pool = new ProcessPool(2);
        await pool.StartAsync().WaitAsync(Guard);
        Task onEach = pool.RunOnEachAsync(PoolJobsTargets.WaitOnFirst(opened));
        for (int i = 0; i < 5; i++) Assert.That(await pool.RunAsync(PoolJobsTargets.Square(i)).WaitAsync(Guard), Is.EqualTo(i * i));
        Assert.That(onEach.IsCompleted, Is.False);
        opened.Set();
        await onEach.WaitAsync(Guard);
    }

    [Test]
    public async Task A_call_on_each_worker_that_failed_is_not_run_on_later_ones()
    {
        await using var pool = new ProcessPool(1);
        Assert.ThrowsAsync<FormatException>(() => pool.RunOnEachAsync(PoolJobsTargets.FailToBegin()).WaitAsync(Guard));
        pool.Resize(2);
        await pool.StartAsync().WaitAsync(Guard);
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
    }

    [Test]
    public async Task A_call_on_each_worker_that_fails_on_one_that_begins_meanwhile_is_its_callers_to_know_and_no_end_of_the_pool()
    {
        await using var pool = new ProcessPool(1);
        await pool.StartAsync().WaitAsync(Guard);
        Task<int> busy = pool.RunAsync(PoolJobsTargets.Sleep(1000));
        Task each = pool.RunOnEachAsync(PoolJobsTargets.FailToBegin());
        pool.Resize(2);
        await pool.StartAsync().WaitAsync(Guard);
        Assert.ThrowsAsync<FormatException>(() => each.WaitAsync(Guard));
        await busy.WaitAsync(Guard);
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
    }

    [Test]
    public async Task A_worker_killed_while_it_begins_counts_once_however_much_it_has_to_begin_with()
    {
        await using var pool = new ProcessPool(1);
        for (int i = 0; i < 4; i++) await pool.RunOnEachAsync(PoolJobsTargets.Sleep(200)).WaitAsync(Guard);
        pool.Resize(2);
        await TestWait.UntilAsync(() => pool.Workers.Count == 2 && pool.Workers[1].RunningTarget is not null);
        System.Diagnostics.Process.GetProcessById(pool.Workers[1].Id).Kill();
        await pool.StartAsync().WaitAsync(Guard);
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
    }

    [Test]
    public async Task What_the_arguments_of_calls_on_each_worker_lead_to_is_open_as_long_as_the_pool_and_no_longer([Values] bool closed)
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            var pool = new ProcessPool(1, new ProcessPoolOptions { Initializer = PoolHandleJobsTargets.Touch(there) });
            await pool.RunOnEachAsync(PoolHandleJobsTargets.Touch(there)).WaitAsync(Guard);
            if (closed) await pool.CloseAsync().WaitAsync(Guard);
            Task late = closed ? pool.RunOnEachAsync(PoolHandleJobsTargets.Touch(there)) : Task.CompletedTask;
            there.Dispose();
            if (closed) Assert.ThrowsAsync<ObjectDisposedException>(() => late.WaitAsync(Guard));
            await pool.DisposeAsync();
            Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync().AsTask().WaitAsync(Guard));
        }
    }
}
