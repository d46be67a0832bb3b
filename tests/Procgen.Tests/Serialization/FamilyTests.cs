using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;
using System.Text;
using NUnit.Framework;

namespace Procgen.Tests.Serialization;

[TestFixture]
public sealed class FamilyTests
{
    private static readonly string?[] Words = ["one", "", null, "четыре", "5"];
    private static readonly string[] Keys = ["one", "", "drei", "четыре", "5"];

    private static object[] Numbers() =>
    [
        Vector.Of((sbyte)-3), Vector.Of(ushort.MaxValue), Vector.Of(uint.MaxValue), Vector.Of(ulong.MaxValue), Vector.Of((nuint)7),
        Vector.Of(UInt128.MaxValue), Vector.Of(1..^2), Vector.Of(new Vector2(1, 2)), Vector.Of(new Vector4(1, 2, 3, 4)),
        Vector.Of(new Quaternion(1, 2, 3, 4)), Vector.Of(new Plane(1, 2, 3, 4)), Vector.Of(Matrix3x2.CreateRotation(1)),
        Vector.Of(Matrix4x4.CreateRotationX(1)), Vector.Of<DateOnly?>(new DateOnly(2024, 2, 29)), Vector.Of<DateOnly?>(null),
        Vector.Of(BigInteger.Zero), Vector.Of(BigInteger.MinusOne), Vector.Of(BigInteger.Pow(-7, 300)), Vector.Of(BigInteger.Pow(2, 4096)),
        Vector.Of<BigInteger?>(null), Vector.Of<BigInteger?>(12), Vector.Of<BigInteger[]>([1, -1, BigInteger.Pow(10, 30)]),
        Vector.Of(new BitArray([true, false, true])), Vector.Of(new BitArray(0)), Vector.Of(new BitArray(65, true)),
    ];

    private static object[] Collections() =>
    [
        Vector.Of(new Stack<string>(Words!)), Vector.Of(new Queue<string>(Words!)), Vector.Of(new HashSet<string>(Keys)),
        Vector.Of(new SortedSet<string>(Keys)), Vector.Of(new LinkedList<string>(Words!)), Vector.Of(new PriorityQueue<string, int>([("a", 2), ("b", 1)])),
        Vector.Of(new Collection<string>([.. Words!])), Vector.Of(new ReadOnlyCollection<string>(Words!)), Vector.Of(new ObservableCollection<string>(Words!)),
        Vector.Of(new ReadOnlyObservableCollection<string>(new ObservableCollection<string>(Words!))), Vector.Of(new ConcurrentQueue<string>(Words!)),
        Vector.Of(new ConcurrentStack<string>(Words!)), Vector.Of(new BlockingCollection<string>(new ConcurrentQueue<string>(Words!))),
        Vector.Of(Words!.ToImmutableArray()!), Vector.Of(Words!.ToImmutableList()!), Vector.Of(Keys.ToImmutableHashSet()), Vector.Of(Keys.ToImmutableSortedSet()),
        Vector.Of(ImmutableQueue.Create(Words)!), Vector.Of(ImmutableStack.Create(Words)!), Vector.Of(Keys.ToFrozenSet()), Vector.Of(new ReadOnlySet<string>(new HashSet<string>(Keys))),
        Vector.Of(new Memory<string>(Words!)), Vector.Of(new ReadOnlyMemory<string>(Words!)), Vector.Of(new ArraySegment<string>(Keys, 1, 3)),
        Vector.Of(default(ArraySegment<string>)), Vector.Of(default(ReadOnlySequence<byte>)), Vector.Of(TwoSegments()),
        Vector.Of(new string[2, 0, 4]), Vector.Of(new byte[,,,] { { { { 1, 2 }, { 3, 4 } } } }), Vector.Of(new int[1, 2, 1, 2, 1]),
        Vector.Of<int[][,]>([new[,] { { 1 } }, new int[0, 0]]), Vector.Of(new int[,][] { { [1, 2], [] } }), Vector.Of<List<string[]>>([["a"], []]),
        Vector.Of<List<(byte, int)>>([(1, 2), (3, 4)]), Vector.Of<List<int?>>([1, null]), Vector.Of(new Stack<int>([1, 2])),
        Vector.Of(new PriorityQueue<int, long>([(1, 2)])),
    ];

    private static object[] Dictionaries() =>
    [
        Vector.Of(new Dictionary<int, long> { [1] = 2, [3] = 4 }), Vector.Of(new Dictionary<Guid, string> { [Guid.Empty] = "none" }),
        Vector.Of(new SortedDictionary<int, string> { [2] = "b", [1] = "a" }), Vector.Of(new SortedList<string, int> { ["x"] = 1 }),
        Vector.Of(new OrderedDictionary<string, int> { ["z"] = 1, ["a"] = 2 }), Vector.Of(new ReadOnlyDictionary<string, int>(new Dictionary<string, int> { ["x"] = 1 })),
        Vector.Of(new ConcurrentDictionary<string, int> { ["x"] = 1 }), Vector.Of(ImmutableDictionary<string, int>.Empty.Add("x", 1)),
        Vector.Of(ImmutableSortedDictionary<string, int>.Empty.Add("x", 1).Add("a", 2)), Vector.Of(new Dictionary<string, int> { ["x"] = 1 }.ToFrozenDictionary()),
        Vector.Of(new Dictionary<byte, int> { [9] = 1 }.ToFrozenDictionary()), Vector.Of(KeyValuePair.Create("k", 5)),
        Vector.Of(new Dictionary<string, List<Money>> { ["x"] = [new(1.5m, "EUR")], ["y"] = [] }),
    ];

    private static object[] Others() =>
    [
        Vector.Of(new Uri("https://example.org/a?b=c#d")), Vector.Of(new Version(1, 2, 3)), Vector.Of(TimeZoneInfo.Utc),
        Vector.Of(TimeZoneInfo.CreateCustomTimeZone("mine", TimeSpan.FromMinutes(90), "Mine", "Mine")), Vector.Of(new StringBuilder().Append('x', 50_000).Append('\uD800')),
        Vector.Of(Tuple.Create("one")), Vector.Of(ValueTuple.Create("one")), Vector.Of<Money?>(null), Vector.Of<Money?>(new Money(1, "EUR")),
        Vector.Of((Name: "Ann", Age: 5)), Vector.Of((1, 2, 3, 4, 5, 6, 7, 8, 9, "ten")), Vector.Of((1, ("two", ((byte)3, (Guid?)Guid.Empty)))),
        Vector.Of<Version[]>([new(1, 2), new(3, 4)]),
    ];

    [TestCaseSource(nameof(Numbers))]
    [TestCaseSource(nameof(Collections))]
    [TestCaseSource(nameof(Dictionaries))]
    [TestCaseSource(nameof(Others))]
    public void A_value_comes_back_as_it_was(object vector)
    {
        Vector typed = (Vector)vector;
        object? read = typed.Decode(typed.Encode());
        Assert.That(read?.GetType(), Is.EqualTo(typed.Value?.GetType()));
        Assert.That(Describe.It(read), Is.EqualTo(Describe.It(typed.Value)));
    }

    [Test]
    public void A_bag_comes_back_in_any_order() =>
        Assert.That(Payload.Decode<ConcurrentBag<string>>(Payload.Encode(new ConcurrentBag<string>(Words!))), Is.EquivalentTo(Words));

    [Test]
    public void A_lazy_value_crosses_made()
    {
        Lazy<string> read = Payload.Decode<Lazy<string>>(Payload.Encode(new Lazy<string>(() => "made")));
        Assert.That((read.IsValueCreated, read.Value), Is.EqualTo((true, "made")));
    }

    [Test]
    public void Interfaces_take_any_implementation()
    {
        AssertElements<IEnumerable<string>>(Keys.Where(static _ => true));
        AssertElements<ICollection<string>>(new LinkedList<string>(Keys));
        AssertElements<IList<string>>(new ObservableCollection<string>(Keys));
        AssertElements<IReadOnlyCollection<string>>(new Queue<string>(Keys));
        AssertElements<IReadOnlyList<string>>(Keys.ToImmutableList());
        AssertElements<ISet<string>>(new SortedSet<string>(Keys));
        AssertElements<IReadOnlySet<string>>(Keys.ToFrozenSet());
        AssertElements<IImmutableList<string>>(Keys.ToImmutableArray());
        AssertElements<IImmutableSet<string>>(Keys.ToImmutableSortedSet());
        AssertElements<IImmutableQueue<string>>(ImmutableQueue.Create(Keys));
        AssertElements<IImmutableStack<string>>(ImmutableStack.Create(Keys));
    }

    [Test]
    public void Interfaces_of_dictionaries_take_any_implementation()
    {
        SortedDictionary<string, int> pairs = new() { ["a"] = 1, ["b"] = 2 };
        Assert.That(Payload.Decode<IDictionary<string, int>>(Payload.Encode<IDictionary<string, int>>(pairs)), Is.EquivalentTo(pairs));
        Assert.That(Payload.Decode<IReadOnlyDictionary<string, int>>(Payload.Encode<IReadOnlyDictionary<string, int>>(pairs)), Is.EquivalentTo(pairs));
        IImmutableDictionary<string, int> immutable = pairs.ToImmutableSortedDictionary();
        Assert.That(Payload.Decode<IImmutableDictionary<string, int>>(Payload.Encode(immutable)), Is.EquivalentTo(pairs));
    }

    [Test]
    public void Groups_keep_their_key_and_order()
    {
        ILookup<int, string> lookup = Keys.ToLookup(static key => key.Length);
        ILookup<int, string> read = Payload.Decode<ILookup<int, string>>(Payload.Encode(lookup));
        Assert.That(Describe.It(read), Is.EqualTo(Describe.It(lookup)));
        IGrouping<string, int> group = new[] { 1, 2 }.GroupBy(static _ => "k").Single();
        Assert.That(Describe.It(Payload.Decode<IGrouping<string, int>>(Payload.Encode(group))), Is.EqualTo(Describe.It(group)));
    }

    [Test]
    public void A_big_integer_is_its_length_and_its_twos_complement() =>
        Assert.That(Convert.ToHexString(Payload.Encode(new BigInteger(-256))), Is.EqualTo("02000000" + "00FF"));

    [Test]
    public void A_bit_array_is_its_words_and_its_length() =>
        Assert.That(Convert.ToHexString(Payload.Encode(new BitArray([true, false, true]))), Is.EqualTo("02" + "01000000" + "05000000" + "03000000"));

    [TestCase("0202000000050000000500000003000000", TestName = "More words than bits are refused")]
    [TestCase("02FFFFFFFF21000000", TestName = "Bits without words are refused")]
    [TestCase("0201000000050000000000000080", TestName = "Bytes after the bits are refused")]
    public void Bad_bit_arrays_are_refused(string hex) =>
        Assert.That(() => Payload.Decode<BitArray>(Convert.FromHexString(hex)), Throws.TypeOf<ProcessSerializationException>());

    [TestCase("0300000000FFFFFF7F00000000", TestName = "A dimension of two billion beside none is refused or empty")]
    [TestCase("03FFFFFF7FFFFFFF7F01000000", TestName = "Dimensions whose product overflows are refused")]
    [TestCase("030200000002000000030000000102030405", TestName = "Another total than the dimensions make is refused")]
    public void Bad_dimensions_are_refused(string hex)
    {
        Exception? refusal = null;
        int[,]? read = null;
        try
        {
            read = Payload.Decode<int[,]>(Convert.FromHexString(hex));
        }
        catch (Exception error)
        {
            refusal = error;
        }

        if (refusal is null) Assert.That(read, Is.Empty);
        else Assert.That(refusal, Is.TypeOf<ProcessSerializationException>());
    }

    [Test]
    public void A_name_that_no_culture_can_have_is_refused() =>
        Assert.That(() => Payload.Decode<CultureInfo>(Payload.Encode("no culture!")), Throws.TypeOf<ProcessSerializationException>());

    [Test]
    public void Text_that_is_no_address_or_time_zone_is_refused()
    {
        byte[] text = Payload.Encode("http://[::1");
        Assert.That(() => Payload.Decode<Uri>(text), Throws.TypeOf<ProcessSerializationException>());
        Assert.That(() => Payload.Decode<TimeZoneInfo>(text), Throws.TypeOf<ProcessSerializationException>());
    }

    private static void AssertElements<T>(T value)
        where T : IEnumerable<string> => Assert.That(Payload.Decode<T>(Payload.Encode(value)), Is.EquivalentTo(value));

    private static ReadOnlySequence<byte> TwoSegments()
    {
        Segment last = new([3, 4, 5], null, 2);
        Segment first = new([1, 2], last, 0);
        return new ReadOnlySequence<byte>(first, 0, last, 3);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? next, long before)
        {
            Memory = bytes;
            Next = next;
            RunningIndex = before;
        }
    }
}
