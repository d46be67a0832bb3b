using NUnit.Framework;
using Procgen.Shared;

namespace Procgen.Tests.SharedMemory;

public sealed class HandleArrivalsTests
{
    private SharedBlock _block = null!;
    private WaitWord _openings;
    private HandleArrivals _sender = null!;
    private HandleArrivals _heir = null!;

    [SetUp]
    public void MakeBlock()
    {
        _block = SharedBlock.Create(8);
        _openings = _block.OpeningsOf(HandleSender.Own);
        _sender = new HandleArrivals(_openings);
        _heir = new HandleArrivals(_openings);
    }

    [TearDown]
    public void ReleaseBlock() => _block.Release();

    [Test]
    public void A_handle_that_is_taken_over_has_arrived_for_its_sender_and_not_for_the_heir()
    {
        _sender.Send();
        _heir.TakeOver(_sender.Counted);

        Assert.That(HasArrived(_heir), Is.False);
        Assert.That(HasArrived(_sender), Is.True);

        HandleArrivals.Report(_openings);
        Assert.That(HasArrived(_heir), Is.True);
        Assert.That(HasArrived(_heir), Is.False);
    }

    [Test]
    public void One_that_was_opened_before_it_was_taken_over_has_arrived()
    {
        _sender.Send();
        int counted = _sender.Counted;
        HandleArrivals.Report(_openings);
        _heir.TakeOver(counted);

        Assert.That(HasArrived(_heir), Is.True);
    }

    [Test]
    public void Others_that_are_taken_over_are_not_taken_for_openings()
    {
        _sender.Send();
        _heir.TakeOver(_sender.Counted);
        Assert.That(HasArrived(_sender), Is.True);
        _sender.Send();
        _heir.TakeOver(_sender.Counted);

        Assert.That(HasArrived(_heir), Is.False);
        HandleArrivals.Report(_openings);
        Assert.That(HasArrived(_heir), Is.True);
        Assert.That(HasArrived(_heir), Is.False);
    }

    [Test]
    public void One_that_nobody_has_opened_has_not_arrived_by_the_opening_of_one_that_was_taken_over_before()
    {
        for (int i = 0; i < 2; i++) _sender.Send();
        int counted = _sender.Counted;
        HandleArrivals.Report(_openings);
        _heir.TakeOver(counted);
        Assert.That(HasArrived(_heir), Is.True);
        _heir.TakeOver(counted);

        Assert.That(HasArrived(_heir), Is.False);
        HandleArrivals.Report(_openings);
        Assert.That(HasArrived(_heir), Is.True);
    }

    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    [TestCase(-5)]
    public void One_that_is_taken_over_after_any_number_of_openings_has_not_arrived(int openings)
    {
        _openings.Value = openings;
        _sender.Send();
        _heir.TakeOver(_sender.Counted);

        Assert.That(HasArrived(_heir), Is.False);
        HandleArrivals.Report(_openings);
        Assert.That(HasArrived(_heir), Is.True);
    }

    [Test]
    public void Senders_are_told_apart()
    {
        HandleArrivals.Report(_block.OpeningsOf(new HandleSender((byte)((HandleSender.Own.Index + 1) % HandleSender.Count))));
        Assert.That(_openings.Read(), Is.Zero);

        HandleArrivals.Report(_openings);
        Assert.That(_openings.Read(), Is.EqualTo(1));
        Assert.That(_block.At<int>(0), Is.Zero);
    }

    [Test]
    public void A_lease_that_threads_ask_at_once_counts_one_opening()
    {
        for (int round = 0; round < 2000; round++)
        {
            _block.AddReference();
            _block.AddReference();
            using var first = new BlockLease(_block, HandleSender.Own);
            using var second = new BlockLease(_block, HandleSender.Own);
            HandleArrivals.Report(_openings);
            Parallel.Invoke(() => _ = first.IsAttached, () => _ = first.IsAttached);
            Assert.That((first.IsAttached, second.IsAttached), Is.EqualTo((true, false)), $"round {round}");
        }
    }

    /// <summary>Whether one more of those that were sent has.</summary>
    private static bool HasArrived(HandleArrivals arrivals)
    {
        bool before = false;
        return arrivals.TryArrive(ref before);
    }
}
