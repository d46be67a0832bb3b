using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Numerics;
using System.Text;

namespace Procgen.Tests.Serialization;

/// <summary>A type to feed with bad bytes: a good value to start from, and how much its objects may take per byte of payload.</summary>
/// <param name="Value">A value of it.</param>
/// <param name="Ratio">The most bytes allocated for one byte of payload, beyond 64 KiB.</param>
internal sealed record FuzzType(Vector Value, double Ratio);

internal static class FuzzTypes
{
    private static readonly string[] Words = ["alpha", "", "βήτα", "delta delta delta"];
    private static readonly Dictionary<string, int> Pairs = new() { ["a"] = 1, ["bb"] = 2, ["ccc"] = 3 };

    /// <summary>
    /// The ratios come from the smallest encoding of an element and what its objects take: an object of 3 fields that one
    /// zero byte stands for takes 40 bytes and 8 in its list. Where a type nests, an exception's stack trace adds to each level.
    /// </summary>
    public static readonly IReadOnlyList<FuzzType> All =
    [
        new(Vector.Of(42), 1),
        new(Vector.Of("héllo wörld"), 3),
        new(Vector.Of(new StringBuilder("builder")), 6),
        new(Vector.Of(new Uri("https://example.org/path?query")), 60),
        new(Vector.Of(new Version(1, 2, 3, 4)), 8),
        new(Vector.Of(BigInteger.Pow(3, 200)), 8),
        new(Vector.Of(new BitArray([true, false, true])), 8),
        new(Vector.Of<int[]>([1, 2, 3]), 2),
        new(Vector.Of<byte[]>([1, 2, 3]), 2),
        new(Vector.Of<bool[]>([true, false]), 2),
        new(Vector.Of<Flagged[]>([new Flagged(true, 1, false), default]), 2),
        new(Vector.Of<string?[]>([.. Words, null]), 12),
        new(Vector.Of<int[]?[]>([[1, 2], null, []]), 12),
        new(Vector.Of(new[,] { { 1, 2 }, { 3, 4 } }), 4),
        new(Vector.Of(new string[2, 2, 1]), 16),
        new(Vector.Of<List<int>>([1, 2, 3]), 4),
        new(Vector.Of<List<List<int>?>>([[1], null, [2, 3]]), 24),
        new(Vector.Of<List<ABC?>>([new ABC { A = 1, B = "b", C = [2] }, null]), 64),
        new(Vector.Of(new Memory<string>(Words)), 12),
        new(Vector.Of(new ReadOnlySequence<byte>([1, 2, 3])), 2),
        new(Vector.Of<ImmutableArray<string>>([.. Words]), 12),
        new(Vector.Of(new Stack<string>(Words)), 24),
        new(Vector.Of(new HashSet<string>(Words)), 40),
        new(Vector.Of<HashSet<int>>([3, 1, 2]), 20),
        new(Vector.Of(new SortedSet<string>(Words)), 40),
        new(Vector.Of(new LinkedList<string>(Words)), 40),
        new(Vector.Of(new PriorityQueue<string, int>([("a", 2), ("b", 1)])), 24),
        new(Vector.Of(new ObservableCollection<string>(Words)), 24),
        new(Vector.Of(new ConcurrentQueue<string>(Words)), 40),
        new(Vector.Of(Words.ToImmutableList()), 40),
        new(Vector.Of(Words.ToImmutableHashSet()), 60),
        new(Vector.Of(Words.ToFrozenSet()), 120),
        new(Vector.Of(new Dictionary<string, int>(Pairs)), 24),
        new(Vector.Of(new Dictionary<byte, int> { [1] = 2, [3] = 4 }), 16),
        new(Vector.Of(new SortedDictionary<string, string> { ["b"] = "2", ["a"] = "1" }), 40),
        new(Vector.Of(new ConcurrentDictionary<string, int>(Pairs)), 60),
        new(Vector.Of(Pairs.ToFrozenDictionary()), 120),
        new(Vector.Of(Words.ToLookup(static word => word.Length)), 80),
        new(Vector.Of<(int, string)?>((1, "a")), 4),
        new(Vector.Of(((byte)1, "a", 2L)), 4),
        new(Vector.Of(Tuple.Create(1, 2, 3, 4, 5, 6, 7, 8)), 8),
        new(Vector.Of(new HasNull { N1 = 5, B = 7, R1 = new RefStruct { A = 1, S = "a" } }), 80),
        new(Vector.Of(new Person(7, "Ann", ["x", null])), 48),
        new(Vector.Of(new Nested { In = new ABC(), Arr = [null, new ABC()], L = [null], D = new() { ["k"] = new ABC() } }), 100),
        new(Vector.Of<IU?[]>([new UA(), new UB(), null, new UC(), new UE()]), 40),
        new(Vector.Of<Shape>(new Polygon("blue", [1, 2])), 60),
        new(Vector.Of(new Tree<int> { Value = 1, Children = [new() { Value = 2, Children = [] }, new() { Value = 3 }] }), 200),
        new(Vector.Of(new Tree<Shape> { Value = new Circle("red", 1), Children = [new() { Value = null }] }), 200),
        new(Vector.Of(new Chain { Value = 1, Next = new Chain { Value = 2, Next = new Chain() } }), 200),
        new(Vector.Of<OpenBase>(new OpenDerived { Text = "t", Next = new OpenBase { Number = 4 } }), 200),
        new(Vector.Of<Plant>(new Branch { Parts = [new Leaf { IsGreen = true }, new Branch()] }), 200),
        new(Vector.Of(Graph()), 300),
        new(Vector.Of(new Node { V = 1, Children = [new Node()] }), 300),
        new(Vector.Of(new Names { "a", "b" }), 24),
        new(Vector.Of(new Job { Owner = new Person(1, "Ann", ["a"]), Owners = [new Owner { Name = "o" }], Pair = (1, new Owner()) }), 120),
        new(Vector.Of(new Picky { Number = 4, Name = "p" }), 40),
        new(Vector.Of(new Puppy { Sound = "wiff", Weeks = 2.5, Name = "P" }), 80),
    ];

    private static Friend Graph()
    {
        Friend ann = new() { Name = "Ann" };
        ann.Best = new Friend { Name = "Bob", Best = ann };
        ann.All.AddRange([ann, ann.Best]);
        return ann;
    }
}
