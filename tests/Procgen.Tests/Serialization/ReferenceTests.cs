using NUnit.Framework;

namespace Procgen.Tests.Serialization;

[TestFixture]
public sealed class ReferenceTests
{
    [Test]
    public void An_object_that_is_reached_twice_is_one_object_again()
    {
        Friend ann = new() { Name = "Ann" };
        Friend[] read = Payload.Decode<Friend[]>(Payload.Encode<Friend[]>([ann, ann, new() { Name = "Ann" }]));
        Assert.That(read[1], Is.SameAs(read[0]));
        Assert.That(read[2], Is.Not.SameAs(read[0]));
    }

    [Test]
    public void Cycles_are_kept_through_members_and_lists()
    {
        Friend ann = new() { Name = "Ann" };
        Friend bob = new() { Name = "Bob", Best = ann };
        ann.Best = bob;
        ann.All.AddRange([ann, bob]);
        ann.Owe(new Money(5, "EUR"));

        Friend read = Payload.Decode<Friend>(Payload.Encode(ann));
        Assert.That(read.Best!.Best, Is.SameAs(read));
        Assert.That(read.All[0], Is.SameAs(read));
        Assert.That(read.All[1], Is.SameAs(read.Best));
        Assert.That((read.Name, read.Best.Name, read.Owes), Is.EqualTo(("Ann", "Bob", new Money(5, "EUR"))));
    }

    [Test]
    public void Numbers_beyond_one_byte_are_written_and_read()
    {
        Friend[] friends = [.. Enumerable.Range(0, 70_000).Select(static i => new Friend { Name = $"{i}" })];
        Friend[] twice = [.. friends, .. friends];
        Friend[] read = Payload.Decode<Friend[]>(Payload.Encode(twice));
        for (int i = 0; i < friends.Length; i++)
        {
            if (!ReferenceEquals(read[i], read[i + friends.Length]) || read[i].Name != $"{i}") Assert.Fail($"friend {i} is another");
        }
    }

    [Test]
    public void Long_members_are_written_and_read()
    {
        Friend friend = new() { Name = new string('x', 100_000), All = [new() { Name = new string('y', 300) }] };
        Assert.That(Describe.It(Payload.Decode<Friend>(Payload.Encode(friend))), Is.EqualTo(Describe.It(friend)));
    }

    [TestCase("FA00", TestName = "A reference before its object is refused")]
    [TestCase("0401010101070000", TestName = "An object with another number than its own is refused")]
    [TestCase("0401010101", TestName = "An object that ends before its number is refused")]
    [TestCase("04047F01010000000000", TestName = "Members longer than the payload are refused")]
    [TestCase("0504040404040000000000", TestName = "More members than the type has are refused")]
    public void Bad_references_are_refused(string hex) =>
        Assert.That(() => Payload.Decode<Friend>(Convert.FromHexString(hex)), Throws.TypeOf<ProcessSerializationException>());

    [Test]
    public void A_reference_to_an_object_of_another_type_is_refused()
    {
        // A pair of preserved types: the second refers to the first's number.
        byte[] bytes = Payload.Encode((new CR { I = 1 }, new Node { V = 2 }));
        byte[] mixed = [.. bytes[..(bytes.Length - 14)], 0xFA, 0];
        Assert.That(() => Payload.Decode<(CR, Node)>(mixed), Throws.TypeOf<ProcessSerializationException>());
    }
}
