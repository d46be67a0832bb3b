using System.Diagnostics;
using NUnit.Framework;
using Procgen.Shared;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.SharedMemory;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WaitWordTests : IDisposable
{
    private readonly SharedPart _part = SharedPart.Create(4096);
    private readonly SharedPart _other;

    public WaitWordTests() => _other = _part.OpenAgain();

    public void Dispose()
    {
        _part.Dispose();
        _other.Dispose();
    }

    [Test]
    public void A_word_that_has_changed_is_not_waited_for()
    {
        _part.At<int>(0) = 1;
        Stopwatch watch = Stopwatch.StartNew();
        _part.Word(0).Wait(expected: 0, milliseconds: 60_000);

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void A_wait_ends_when_the_time_is_up() =>
        Assert.That(_part.Word(0).Wait(expected: 0, milliseconds: 5), Is.False);

    [Test]
    public void A_wake_through_another_view_is_heard()
    {
        Task waiting = OnThread(() =>
        {
            while (_part.Word(0).Read() == 0) _part.Word(0).Wait(expected: 0, milliseconds: 60_000);
        });

        _other.Word(0).Value = 1;
        _other.Word(0).WakeAll();

        Assert.That(waiting.Wait(Guard), Is.True);
    }

    [Test]
    public async Task Hundreds_of_pending_waits_end_when_their_words_change()
    {
        List<Task<int>> waits = [];
        for (int i = 0; i < 400; i++) waits.Add(new UntilSet(_part, i * sizeof(int)).StartAsync(CancellationToken.None));

        for (int i = 0; i < 400; i++)
        {
            _other.Word(i * sizeof(int)).Value = i + 1;
            _other.Word(i * sizeof(int)).WakeAll();
        }

        int[] values = await Task.WhenAll(waits).WaitAsync(Guard);
        Assert.That(values, Is.EqualTo(Enumerable.Range(1, 400)));
    }

    [Test]
    public async Task A_change_whose_wake_was_lost_is_noticed_all_the_same()
    {
        Task<int> waiting = new UntilSet(_part, 0).StartAsync(CancellationToken.None);

        _other.Word(0).Value = 5;

        Assert.That(await waiting.WaitAsync(Guard), Is.EqualTo(5));
    }

    [Test]
    public void A_pending_wait_is_cancelled_with_the_callers_token_also_when_that_has_fired_before()
    {
        using CancellationTokenSource source = new();
        Task<int> waiting = new UntilSet(_part, 0).StartAsync(source.Token);
        source.Cancel();
        Task<int> late = new UntilSet(_part, 0).StartAsync(source.Token);

        Assert.That(Assert.CatchAsync<OperationCanceledException>(() => waiting)!.CancellationToken, Is.EqualTo(source.Token));
        Assert.CatchAsync<OperationCanceledException>(() => late);
    }

    [Test]
    public void What_an_attempt_throws_ends_the_wait() =>
        Assert.ThrowsAsync<ObjectDisposedException>(() => new UntilSet(null, 0).StartAsync(CancellationToken.None));

    private sealed class UntilSet(SharedPart? part, int field) : PendingWait<int>
    {
        protected override bool TryTake(out int result, out WaitWord word, out int expected)
        {
            ObjectDisposedException.ThrowIf(part is null, this);
            word = part.Word(field);
            expected = 0;
            result = word.Read();
            return result != 0;
        }
    }
}
