using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

public sealed class ProcessEventTests
{
    [Test]
    public void It_is_set_from_a_set_to_a_reset()
    {
        using ProcessEvent signal = new();
        Assert.That(signal.IsSet, Is.False);
        Assert.That(signal.Wait(TimeSpan.Zero), Is.False);
        Assert.That(signal.Wait(TimeSpan.FromMilliseconds(20)), Is.False);
        signal.Set();
        signal.Set();
        Assert.That(signal.IsSet, Is.True);
        Assert.That(signal.Wait(), Is.True);
        Assert.That(signal.Wait(TimeSpan.Zero), Is.True);
        signal.Reset();
        Assert.That(signal.IsSet, Is.False);
        Assert.That(signal.Wait(TimeSpan.Zero), Is.False);
    }

    [Test]
    public async Task Everyone_who_waits_passes()
    {
        using ProcessEvent signal = new();
        Task[] waits = [OnThread(() => signal.Wait()), OnThread(() => signal.Wait()), signal.WaitAsync().AsTask(), signal.WaitAsync().AsTask()];

        signal.Set();

        await Task.WhenAll(waits).WaitAsync(Guard);
    }

    [Test]
    public async Task Whoever_waited_passes_also_when_it_is_reset_at_once()
    {
        using ProcessEvent signal = new();
        Task waiting = signal.WaitAsync().AsTask();

        signal.Set();
        signal.Reset();

        await waiting.WaitAsync(Guard);
    }

    [Test]
    public async Task A_child_sets_it_for_this_process()
    {
        using ProcessEvent signal = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.SetEvent(signal));

        Assert.That(signal.Wait(Guard), Is.True);
        await child.Completion;
    }

    [Test]
    public async Task This_process_sets_it_for_children()
    {
        using ProcessEvent signal = new();
        using ProcessEvent first = new();
        using ProcessEvent second = new();
        using ChildProcess<bool> one = ChildProcess.Start(SyncJobsTargets.WaitForEvent(first, signal));
        using ChildProcess<bool> two = ChildProcess.Start(SyncJobsTargets.WaitForEvent(second, signal));
        first.Wait(Guard);
        second.Wait(Guard);

        signal.Set();

        Assert.That(await one.Completion.WaitAsync(Guard), Is.True);
        Assert.That(await two.Completion.WaitAsync(Guard), Is.True);
    }

    [Test]
    public async Task A_thousand_round_trips_lose_no_signal()
    {
        using ProcessEvent request = new();
        using ProcessEvent answer = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.Echo(request, answer, 1_000));
        for (int i = 0; i < 1_000; i++)
        {
            request.Set();
            Assert.That(answer.Wait(Guard), Is.True);
            answer.Reset();
        }

        await child.Completion.WaitAsync(Guard);
    }

    [Test]
    public async Task Cancellation_and_disposal_end_waits()
    {
        ProcessEvent signal = new();
        using CancellationTokenSource source = new();
        Task[] cancelled = [OnThread(() => signal.Wait(null, source.Token)), signal.WaitAsync(source.Token).AsTask()];
        Task[] disposed = [OnThread(() => signal.Wait()), signal.WaitAsync().AsTask()];

        await source.CancelAsync();
        foreach (Task wait in cancelled) Assert.CatchAsync<OperationCanceledException>(() => wait.WaitAsync(Guard));
        signal.Dispose();
        foreach (Task wait in disposed) Assert.ThrowsAsync<ObjectDisposedException>(() => wait.WaitAsync(Guard));
        Assert.That(signal.Set, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => signal.IsSet, Throws.TypeOf<ObjectDisposedException>());
    }
}
