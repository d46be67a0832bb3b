using NUnit.Framework;

namespace Procgen.Tests.Serialization;

/// <summary>Dictionaries by strings are written on a way of their own, to the same bytes as any other dictionary.</summary>
[TestFixture]
public sealed class TextKeyTests
{
    private static readonly string[] Keys = ["", "a", "four", "12345678", "é", "naïve", new('x', 64), new('y', 65), new('z', 3000), new string('q', 100) + "€"];

    [Test]
    public void The_bytes_are_those_of_any_dictionary()
    {
        Dictionary<string, int> numbers = Keys.Select(static (key, i) => (key, i)).ToDictionary(static pair => pair.key, static pair => pair.i);
        byte[] bytes = Payload.Encode(numbers);
        Assert.That(bytes, Is.EqualTo(Payload.Encode<IDictionary<string, int>>(numbers)));
        Assert.That(Payload.Decode<Dictionary<string, int>>(bytes), Is.EqualTo(numbers));
        Dictionary<string, List<Money>> others = Keys.ToDictionary(static key => key, static key => new List<Money> { new(key.Length, key) });
        byte[] more = Payload.Encode(others);
        Assert.That(Describe.It(Payload.Decode<Dictionary<string, List<Money>>>(more)), Is.EqualTo(Describe.It(others)));
    }

    [Test]
    public void A_lone_surrogate_in_a_key_is_refused_with_the_index() => Assert.That(
        () => Payload.Encode(new Dictionary<string, int> { ["a"] = 1, ["b\uD800"] = 2 }),
        Throws.TypeOf<ProcessSerializationException>().With.Property(nameof(ProcessSerializationException.Path)).EqualTo("[1]"));
}
