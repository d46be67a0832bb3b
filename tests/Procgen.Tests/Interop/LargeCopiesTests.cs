using NUnit.Framework;
using Procgen.Interop;

namespace Procgen.Tests.Interop;

public class LargeCopiesTests
{
    private const int Page = 2 << 20;

    [Test]
    public void Every_byte_arrives_and_no_other_is_touched(
        [Values(0, 1, (2 * Page) - 1, 2 * Page, (2 * Page) + 1, (5 * Page) + 12345)] int length, [Values(0, 1, 4097)] int from, [Values(0, 3, 8191)] int to)
    {
        byte[] source = new byte[from + length + 1];
        new Random(length + from).NextBytes(source);
        byte[] target = new byte[to + length + 1];
        LargeCopies.Copy(source.AsSpan(from, length), target.AsSpan(to));
        Assert.That(target.AsSpan(to, length).SequenceEqual(source.AsSpan(from, length)));
        Assert.That(target.AsSpan(0, to).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That(target[^1], Is.Zero);
    }

    [Test]
    public void A_target_that_is_too_short_is_refused_before_it_is_touched()
    {
        byte[] source = new byte[3 * Page];
        source.AsSpan().Fill(1);
        byte[] target = new byte[(3 * Page) - 1];
        Assert.Throws<ArgumentOutOfRangeException>(() => LargeCopies.Copy(source, target));
        Assert.That(target.AsSpan().IndexOf((byte)1), Is.EqualTo(-1));
    }

    [Test]
    [NonParallelizable]
    public void Nobody_waits_for_a_thread_that_the_pool_does_not_have()
    {
        byte[] source = new byte[4 * Page];
        source.AsSpan().Fill(7);
        byte[] target = new byte[source.Length];
        using (new StarvedThreadPool())
        {
            Task copy = Task.Factory.StartNew(() => LargeCopies.Copy(source, target), TaskCreationOptions.LongRunning);
            Assert.That(copy.Wait(TimeSpan.FromSeconds(30)));
            source.AsSpan().Fill(9);
        }

        // The help comes now, too late, before what is queued after it.
        using var isThrough = new ManualResetEventSlim();
        ThreadPool.UnsafeQueueUserWorkItem(_ => isThrough.Set(), null);
        Assert.That(isThrough.Wait(TimeSpan.FromSeconds(30)));
        Assert.That(target.AsSpan().IndexOfAnyExcept((byte)7), Is.EqualTo(-1));
    }
}
