using NUnit.Framework;
using Procgen.Calls;

namespace Procgen.Tests.Calls;

[CancelAfter(120_000)]
public sealed class CallbackThreadsTests
{
    private const int Calls = 20;
    private const int Each = 500;
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public void All_callbacks_of_a_call_run_in_order_and_one_at_a_time()
    {
        var threads = new CallbackThreads("test");
        using var run = new CountdownEvent(Calls * Each);
        List<int>[] heard = [.. Enumerable.Range(0, Calls).Select(static _ => new List<int>())];
        int[] inside = new int[Calls];
        bool isAlone = true;
        using var held = new ManualResetEventSlim();
        threads.Post(threads, held.Wait); // So that there is more than one thread.
        for (int i = 0; i < Each; i++)
        {
            for (int call = 0; call < Calls; call++)
            {
                (int c, int value) = (call, i);
                threads.Post(heard[c], () =>
                {
                    if (Interlocked.Increment(ref inside[c]) != 1) isAlone = false;
                    heard[c].Add(value);
                    Interlocked.Decrement(ref inside[c]);
                    run.Signal();
                });
            }
        }

        Assert.That(run.Wait(Guard), Is.True);
        held.Set();
        threads.Finish();
        Assert.That(isAlone, Is.True);
        Assert.That(heard, Has.All.EqualTo(Enumerable.Range(0, Each)));
    }

    [Test]
    public void Where_each_waits_for_the_next_calls_all_end()
    {
        var threads = new CallbackThreads("test");
        ManualResetEventSlim[] ends = [.. Enumerable.Range(0, 5).Select(static _ => new ManualResetEventSlim())];
        for (int i = 0; i < ends.Length; i++)
        {
            int call = i;
            threads.Post(ends[call], () =>
            {
                if (call + 1 < ends.Length) ends[call + 1].Wait();
                ends[call].Set();
            });
        }

        Assert.That(ends[0].Wait(Guard), Is.True);
        threads.Finish();
    }

    [Test]
    public void What_was_posted_before_the_end_is_run_and_then_all_threads_end()
    {
        var threads = new CallbackThreads("test");
        using var held = new ManualResetEventSlim();
        using var ran = new CountdownEvent(3);
        List<Thread> used = [];
        for (int call = 0; call < 3; call++)
        {
            threads.Post(new object(), () =>
            {
                lock (used) used.Add(Thread.CurrentThread);
                held.Wait();
                ran.Signal();
            });
        }

        threads.Finish();
        held.Set();
        Assert.That(ran.Wait(Guard), Is.True);
        Assert.That(used.ToArray(), Has.All.Matches<Thread>(static thread => thread.Join(Guard)));
    }

    [Test]
    public void A_call_that_comes_while_a_thread_wakes_for_another_does_not_wait_for_that_one()
    {
        for (int round = 0; round < 20; round++)
        {
            var threads = new CallbackThreads("test");
            using var isUsed = new ManualResetEventSlim();
            threads.Post(threads, isUsed.Set);
            Assert.That(isUsed.Wait(Guard), Is.True);
            Thread.Sleep(5); // So that the thread is idle, as a rule.

            using var held = new ManualResetEventSlim();
            using var other = new ManualResetEventSlim();
            threads.Post(held, held.Wait);
            threads.Post(other, static () => { });
            threads.Post(other, other.Set);
            Assert.That(other.Wait(Guard), Is.True, $"round {round}");
            held.Set();
            threads.Finish();
        }
    }

    [Test]
    public void A_call_with_always_more_to_run_does_not_keep_another_waiting()
    {
        var threads = new CallbackThreads("test");
        using var other = new ManualResetEventSlim();
        threads.Post(threads, Again);
        threads.Post(other, other.Set);
        Assert.That(other.Wait(Guard), Is.True);
        threads.Finish();

        void Again()
        {
            if (!other.IsSet) threads.Post(threads, Again);
        }
    }
}
