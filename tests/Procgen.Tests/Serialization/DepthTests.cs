using NUnit.Framework;

namespace Procgen.Tests.Serialization;

[TestFixture]
public sealed class DepthTests
{
    private const int Limit = 1000;

    [Test]
    public void A_thousand_objects_in_each_other_cross()
    {
        Chain read = Payload.Decode<Chain>(Payload.Encode(Make(Limit)));
        int length = 0;
        for (Chain? at = read; at is not null; at = at.Next) length++;
        Assert.That(length, Is.EqualTo(Limit));
    }

    [TestCase(Limit + 1)]
    [TestCase(100_000)]
    public void Deeper_objects_are_refused_on_writing(int depth)
    {
        ProcessSerializationException error = Assert.Throws<ProcessSerializationException>(() => Payload.Encode(Make(depth)))!;
        Assert.That(error.Message, Does.Contain("1000 deep"));
        Assert.That(error.Path, Does.StartWith("Next.Next.").And.EndWith("…"));
    }

    [TestCase(Limit + 1)]
    [TestCase(100_000)]
    public void Deeper_objects_are_refused_on_reading(int depth)
    {
        byte[] bytes = [.. Enumerable.Repeat<byte[]>([2, 7, 0, 0, 0], depth).SelectMany(static item => item), 0xFF];
        Assert.That(() => Payload.Decode<Chain>(bytes), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("1000 deep"));
    }

    [Test]
    public void A_cycle_is_refused_where_references_are_not_preserved()
    {
        Chain chain = new();
        chain.Next = chain;
        Assert.That(() => Payload.Encode(chain), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("[PreserveReferences]"));
    }

    [Test]
    public void Deeper_objects_are_refused_also_where_references_are_preserved()
    {
        Friend first = new() { Name = "0" };
        Friend last = first;
        for (int i = 1; i < Limit; i++) last = last.Best = new Friend { Name = "x" };
        Assert.That(() => Payload.Decode<Friend>(Payload.Encode(first)), Throws.Nothing);
        last.Best = new Friend { Name = "x" };
        Assert.That(() => Payload.Encode(first), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("1000 deep"));
    }

    [Test]
    public void A_thread_with_a_small_stack_holds_the_deepest_object()
    {
        Exception? error = null;
        Thread thread = new(() =>
        {
            try
            {
                Payload.Decode<OpenBase>(Payload.Encode<OpenBase>(MakeOpen(Limit)));
            }
            catch (Exception caught)
            {
                error = caught;
            }
        }, 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.That(error, Is.Null);
    }

    private static Chain Make(int length)
    {
        Chain? chain = null;
        for (int i = 0; i < length; i++) chain = new Chain { Value = 7, Next = chain };
        return chain!;
    }

    private static OpenBase MakeOpen(int length)
    {
        OpenBase? chain = null;
        for (int i = 0; i < length; i++) chain = new OpenDerived { Number = 7, Next = chain };
        return chain!;
    }
}
