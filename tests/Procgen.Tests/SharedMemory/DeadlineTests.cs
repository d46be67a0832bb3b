using NUnit.Framework;
using Procgen.Shared;

namespace Procgen.Tests.SharedMemory;

public sealed class DeadlineTests
{
    [TestCase(100)]
    [TestCase(110)]
    [TestCase(200)]
    [TestCase(300)]
    [TestCase(100_000)]
    public void A_deadline_far_away_is_waited_for_in_the_longest_slices(int days)
    {
        Deadline deadline = Deadline.After(TimeSpan.FromDays(days));

        Assert.That(deadline.Slice(), Is.EqualTo(Deadline.LookAroundMilliseconds));
        Assert.That(deadline.Slice(int.MaxValue), Is.EqualTo(int.MaxValue));
        Assert.That(deadline.Rest, Is.GreaterThan(TimeSpan.FromDays(24)));
    }

    [Test]
    public void What_is_left_of_less_than_a_millisecond_is_one_and_of_nothing_none()
    {
        Deadline deadline = Deadline.After(TimeSpan.FromTicks(1));
        Assert.That(() => deadline.Slice(), Is.EqualTo(0).Or.EqualTo(1));
        while (!deadline.HasPassed) Assert.That(deadline.Rest, Is.GreaterThanOrEqualTo(TimeSpan.Zero));

        Assert.That((deadline.Slice(), deadline.Rest), Is.EqualTo((0, TimeSpan.Zero)));
        Assert.That((Deadline.Now.Slice(), Deadline.Now.Rest), Is.EqualTo((0, TimeSpan.Zero)));
        Assert.That(Deadline.Never.Rest, Is.EqualTo(Timeout.InfiniteTimeSpan));
    }
}
