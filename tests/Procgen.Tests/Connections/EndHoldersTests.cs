using NUnit.Framework;
using Procgen.Connections;
using Procgen.Shared;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>Who holds an end of a pipe, as those at the other end see it.</summary>
[CancelAfter(60_000)]
public sealed class EndHoldersTests
{
    [Test]
    public async Task An_end_that_is_passed_on_and_on_is_never_seen_as_let_go()
    {
        SharedBlock block = SharedBlock.Create(PipeLayout.EndSize);
        var holders = new EndHolders(block, 0);
        using CancellationTokenSource done = new();
        int hold = holders.Hold();
        Task<bool> watching = OnThread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                if (holders.IsLetGo) return true;
            }

            return false;
        });
        for (int i = 0; i < 5_000; i++)
        {
            // To the last of many places, which a look takes a while to come to.
            int[] others = [.. Enumerable.Range(0, 200).Select(_ => holders.Hold())];
            holders.Release(hold);
            foreach (int other in others[..^1]) holders.Release(other);

            // As a sender does who then disposes his handle, and the receiver.
            (int transit, ulong word) = holders.HoldInTransit();
            holders.Release(others[^1]);
            hold = holders.Hold();
            holders.TryRelease(transit, word);
        }

        await done.CancelAsync();
        Assert.That(await watching.WaitAsync(Guard), Is.False);
        holders.Release(hold);
        Assert.That(holders.IsLetGo, Is.True);
        block.Release();
    }
}
