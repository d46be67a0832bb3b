using NUnit.Framework;

namespace Procgen.Tests.Serialization;

[TestFixture]
public sealed class RefusalTests
{
    [Test]
    public void A_value_more_derived_than_declared_is_refused_with_its_path_and_never_cut_down()
    {
        Job job = new() { Owners = [new Owner(), new LoudOwner { Volume = 11 }] };
        ProcessSerializationException error = Refused(() => Payload.Encode(job));
        Assert.That(error.Path, Is.EqualTo("Owners[1]"));
        Assert.That(error.Message, Does.StartWith("Owners[1]: ").And.Contain(nameof(LoudOwner)).And.Contain(nameof(ProcessUnionAttribute)[..12]));
    }

    [Test]
    public void A_collection_more_derived_than_declared_is_refused() =>
        Assert.That(Refused(() => Payload.Encode<List<int>>(new Numbers())).Message, Does.Contain(nameof(Numbers)));

    [Test]
    public void A_dictionary_more_derived_than_declared_is_refused() =>
        Assert.That(Refused(() => Payload.Encode<Dictionary<string, int>>(new Counts())).Message, Does.Contain(nameof(Counts)));

    [Test]
    public void A_type_that_a_union_does_not_list_is_refused()
    {
        Tree<Shape> tree = new() { Children = [new() { Value = new Star("gold", []) }] };
        ProcessSerializationException error = Refused(() => Payload.Encode(tree));
        Assert.That(error.Path, Is.EqualTo("Children[0].Value"));
        Assert.That(error.Message, Does.Contain(nameof(Star)).And.Contain(nameof(Shape)));
    }

    [Test]
    public void A_tag_that_stands_for_nothing_is_refused() =>
        Assert.That(Refused(() => Payload.Decode<Shape>([9, 0])).Message, Does.Contain("tag 9").And.Contain(nameof(Shape)));

    // As numbers: an attribute could not hold such a string.
    [TestCase(0xD800, "")]
    [TestCase(0xDC00, "")]
    [TestCase(0xD83D, "ok")]
    public void A_lone_surrogate_is_refused_with_its_path(int surrogate, string around)
    {
        string text = around + (char)surrogate + around;
        Job job = new() { ByName = new() { ["a"] = new Owner(), ["b"] = new Owner { Name = text } } };
        ProcessSerializationException error = Refused(() => Payload.Encode(job));
        Assert.That(error.Path, Is.EqualTo("ByName[1].Name"));
        Assert.That(error.Message, Does.Contain("surrogate"));
    }

    [Test]
    public void A_long_string_with_a_lone_surrogate_is_refused() =>
        Assert.That(() => Payload.Encode(new string('x', 100_000) + '\uD800'), Throws.TypeOf<ProcessSerializationException>());

    [Test]
    public void The_path_goes_through_tuples()
    {
        Job job = new() { Pair = (1, new LoudOwner()) };
        Assert.That(Refused(() => Payload.Encode(job)).Path, Is.EqualTo("Pair.Item2"));
    }

    [Test]
    public void The_path_of_bad_bytes_is_told_too()
    {
        byte[] bytes = Payload.Encode(new Job { Owner = new Person(1, "Ann", ["a", "b"]) });
        ProcessSerializationException error = Refused(() => Payload.Decode<Job>(bytes.AsSpan(0, 30)));
        Assert.That(error.Path, Is.EqualTo("Owner.Tags[1]"));
    }

    [Test]
    public void What_a_setter_throws_at_read_values_becomes_the_inner_exception()
    {
        byte[] bytes = Payload.Encode(new Picky { Number = 1 });
        bytes[4] = 0xFF;
        ProcessSerializationException error = Refused(() => Payload.Decode<Picky>(bytes));
        Assert.That(error.Message, Does.Contain(nameof(Picky)).And.Contain("no negative numbers"));
        Assert.That(error.InnerException, Is.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_key_that_is_there_twice_is_refused()
    {
        byte[] bytes = Payload.Encode(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 });
        bytes[4 + 8 + 1 + 4 + 8] = (byte)'a';
        Assert.That(() => Payload.Decode<Dictionary<string, int>>(bytes), Throws.TypeOf<ProcessSerializationException>());
    }

    [Test]
    public void A_null_key_is_refused() =>
        Assert.That(() => Payload.Decode<Dictionary<string, int>>([1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]), Throws.TypeOf<ProcessSerializationException>());

    [Test]
    public void Bytes_after_the_value_are_refused() =>
        Assert.That(Refused(() => Payload.Decode<int>([1, 0, 0, 0, 9])).Message, Does.Contain("1 bytes"));

    [TestCase("FEFFFFFF0200000061", TestName = "Text of another length than announced is refused (longer)")]
    [TestCase("FDFFFFFF010000006162", TestName = "Text of another length than announced is refused (shorter)")]
    [TestCase("FEFFFFFF01000000FF", TestName = "Text that is no UTF-8 is refused")]
    [TestCase("FDFFFFFF01000000C3A9C3", TestName = "Text that ends within a character is refused")]
    [TestCase("00000080FFFFFF7F", TestName = "Text of two gigabytes in eight bytes is refused")]
    [TestCase("FFFFFF7F", TestName = "Text of two billion UTF-16 units in no bytes is refused")]
    public void Bad_text_is_refused(string hex) =>
        Assert.That(() => Payload.Decode<string>(Convert.FromHexString(hex)), Throws.TypeOf<ProcessSerializationException>());

    [Test]
    public void Text_without_its_second_length_is_read() =>
        Assert.That(Payload.Decode<string>(Convert.FromHexString("FDFFFFFFFFFFFFFFC3A9")), Is.EqualTo("é"));

    [Test]
    public void A_collection_that_changes_its_length_while_it_is_written_is_refused() =>
        Assert.That(Refused(() => Payload.Encode<ICollection<int>>(new Liar())).Message, Does.Contain("changed"));

    private static ProcessSerializationException Refused(Action action) => Assert.Throws<ProcessSerializationException>(() => action())!;

    private sealed class Numbers : List<int>;

    private sealed class Counts : Dictionary<string, int>;

    private sealed class Liar : ICollection<int>
    {
        public int Count => 3;

        public bool IsReadOnly => true;

        public void Add(int item) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public bool Contains(int item) => false;

        public void CopyTo(int[] array, int arrayIndex) => throw new NotSupportedException();

        public bool Remove(int item) => false;

        public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, 5).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
