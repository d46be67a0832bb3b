using NUnit.Framework;

namespace Procgen.Tests.Serialization;

[TestFixture]
public sealed class VectorTests
{
    private static IEnumerable<TestCaseData> Supported() => Cases(line => VectorValues.All.ContainsKey(line.Value));

    private static IEnumerable<TestCaseData> Readable() =>
        Cases(line => VectorValues.All.ContainsKey(line.Value) || VectorValues.ReadOnly.ContainsKey(line.Value));

    private static IEnumerable<TestCaseData> Cases(Func<VectorLine, bool> isWanted) => VectorFile.Lines.Where(isWanted)
        .Select(line => new TestCaseData(line.Value, line.Bytes).SetArgDisplayNames($"{line.Section}: {line.Value}"));

    [TestCaseSource(nameof(Supported))]
    public void A_value_is_written_as_the_bytes_that_MemoryPack_wrote(string name, byte[] expected) =>
        Assert.That(Convert.ToHexString(VectorValues.All[name].Encode()), Is.EqualTo(Convert.ToHexString(expected)));

    [TestCaseSource(nameof(Readable))]
    public void The_bytes_that_MemoryPack_wrote_are_read_as_an_equal_value(string name, byte[] bytes)
    {
        Vector vector = VectorValues.All.TryGetValue(name, out Vector? known) ? known : VectorValues.ReadOnly[name];
        object? decoded = vector.Decode(bytes);
        Assert.That(Describe.It(decoded), Is.EqualTo(Describe.It(Expected(name, vector.Value))));
    }

    [TestCaseSource(nameof(Readable))]
    public void Every_shorter_payload_is_refused(string name, byte[] bytes)
    {
        Vector vector = VectorValues.All.TryGetValue(name, out Vector? known) ? known : VectorValues.ReadOnly[name];
        for (int length = 0; length < bytes.Length; length++)
            Assert.That(() => vector.Decode(bytes[..length]), Throws.TypeOf<ProcessSerializationException>(), $"{length} of {bytes.Length} bytes");
    }

    [Test]
    public void Every_line_is_met_or_stands_in_the_list_of_those_that_are_not_with_its_reason()
    {
        string[] forgotten = [.. VectorFile.Lines.Select(line => line.Value)
            .Where(value => !VectorValues.All.ContainsKey(value) && !VectorValues.ReadOnly.ContainsKey(value) && !VectorValues.Unsupported.ContainsKey(value))];
        Assert.That(forgotten, Is.Empty);
        Assert.That(VectorValues.All.Keys.Concat(VectorValues.ReadOnly.Keys).Concat(VectorValues.Unsupported.Keys), Is.EquivalentTo(VectorFile.Lines.Select(line => line.Value)));
    }

    // Interfaces are read as the class that is named in their codec's documentation.
    private static object? Expected(string name, object? value) => name switch
    {
        "ICollection<int> as HashSet" => new List<int> { 3 },
        "IEnumerable<int> (yield)" => new[] { 1, 3 },
        "IReadOnlyList<string>" => new[] { "a" },
        _ => value,
    };
}
