using NUnit.Framework;
using Procgen.Framing;
using Procgen.Transport;
using Procgen.Worker;

namespace Procgen.Tests.Worker;

/// <summary>Who reads a pool worker's link, and that it is one at a time.</summary>
public class BusyWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    public void Before_it_begins_nobody_else_reads_the_link_and_afterwards_somebody_does_while_the_target_is_busy()
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        using var link = new Link(near, sendersWait: true);
        var heard = new Heard();
        using var ticks = new CountdownEvent(20);
        using var gone = new ManualResetEventSlim();
        var watch = new BusyWatch(heard, link, gone.Set, () =>
        {
            if (!ticks.IsSet) ticks.Signal();
        });
        far.Write([1, 0, 0, 0, (byte)FrameKind.Finish]);

        // The watcher has seen the same stretch of work many times over.
        Assert.That(ticks.Wait(Patience));
        Assert.That(heard.Any.IsSet, Is.False);

        watch.Begin();
        Assert.That(heard.Any.Wait(Patience));
        far.Dispose();
        Assert.That(gone.Wait(Patience));
    }

    private sealed class Heard : IFrameHandler
    {
        public ManualResetEventSlim Any { get; } = new();

        public void OnFrame(FrameKind kind, ReadOnlySpan<byte> body) => Any.Set();

        public void OnClosed(Exception? reason)
        {
        }
    }
}
