using NUnit.Framework;

namespace Procgen.Tests.Processes;

public class ChildStreamTests
{
    [Test]
    public async Task Items_arrive_in_order_from_a_process_of_their_own()
    {
        List<int> items = [];
        await foreach (int item in ChildProcess.StreamAsync(JobsTargets.Count(10_000))) items.Add(item);
        Assert.That(items, Is.EqualTo(Enumerable.Range(0, 10_000)));
    }

    [Test]
    public async Task An_asynchronous_iterator_streams_too()
    {
        int count = 0;
        await foreach (string item in ChildProcess.StreamAsync(JobsTargets.Spell(300))) Assert.That(item, Has.Length.EqualTo(count++));
        Assert.That(count, Is.EqualTo(300));
    }

    [Test]
    public async Task More_items_than_the_window_holds_wait_for_their_reader()
    {
        long total = 0;
        await foreach (string item in ChildProcess.StreamAsync(JobsTargets.Spell(3000))) total += item.Length;
        Assert.That(total, Is.EqualTo(3000L * 2999 / 2));
    }

    [Test]
    public void An_exception_comes_after_the_items_before_it()
    {
        List<int> items = [];
        Assert.That(
            async () =>
            {
                await foreach (int item in ChildProcess.StreamAsync(JobsTargets.CountThenThrow(5))) items.Add(item);
            },
            Throws.TypeOf<FormatException>());
        Assert.That(items, Is.EqualTo(Enumerable.Range(0, 5)));
    }

    [Test]
    public void Who_cancels_it_gets_the_own_token_back([Values] bool fromEnumeration)
    {
        using var cancellation = new CancellationTokenSource();
        IAsyncEnumerable<int> stream = fromEnumeration
            ? ChildProcess.StreamAsync(JobsTargets.Count(10_000))
            : ChildProcess.StreamAsync(JobsTargets.Count(10_000), cancellationToken: cancellation.Token);
        OperationCanceledException? error = Assert.CatchAsync<OperationCanceledException>(async () =>
        {
            await foreach (int item in stream.WithCancellation(fromEnumeration ? cancellation.Token : default)) await cancellation.CancelAsync();
        });
        Assert.That(error!.CancellationToken, Is.EqualTo(cancellation.Token));
    }

    [Test]
    public void What_keeps_its_process_from_starting_is_thrown_to_the_reader() => Assert.That(
        async () =>
        {
            await foreach (int item in ChildProcess.StreamAsync(JobsTargets.Count(5), new ProcessOptions { ExecutablePath = "/no/such/program" })) Assert.Fail($"{item}");
        },
        Throws.TypeOf<FileNotFoundException>().With.Message.Contains("/no/such/program"));

    [Test]
    public async Task A_process_that_exits_does_not_wait_for_a_stream_that_it_left_unread()
    {
        using ChildProcess<int> child = ChildProcess.Start(LifeJobsTargets.LeaveStreamUnread());
        Assert.That(await child.Completion, Is.Zero);
        Assert.That(await child.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1)), Is.Zero);
    }

    [Test]
    public async Task A_process_that_does_not_exit_keeps_nobody_who_has_read_its_stream_or_has_left_it([Values] bool isReadToItsEnd)
    {
        int last = -1;
        await ReadAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.That(last, Is.EqualTo(4));
        Assert.That(CurrentProcess.ActiveChildren, Is.Empty);

        async Task ReadAsync()
        {
            await foreach (int item in ChildProcess.StreamAsync(LifeJobsTargets.CountAndStay(isReadToItsEnd ? 5 : int.MaxValue)))
            {
                last = item;
                if (item == 4 && !isReadToItsEnd) break;
            }
        }
    }

    [Test]
    public async Task Whoever_stops_reading_ends_the_process()
    {
        await foreach (int item in ChildProcess.StreamAsync(JobsTargets.Count(int.MaxValue)))
        {
            if (item == 10) break;
        }

        Assert.That(CurrentProcess.ActiveChildren, Is.Empty);
    }
}
