using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Procgen.Tests.Serialization;

/// <summary>Names the base class library's types, so that the generator emits their codecs. Nobody calls it.</summary>
internal static class FamilyTargets
{
    [ProcessTarget]
    public static void Numbers(
        Probe<sbyte> p0, Probe<ushort> p1, Probe<uint> p2, Probe<ulong> p3, Probe<nuint> p4, Probe<UInt128> p5, Probe<Range> p6,
        Probe<BigInteger> p7, Probe<BitArray> p8, Probe<Vector2> p9, Probe<Vector4> p10, Probe<Quaternion> p11, Probe<Plane> p12,
        Probe<Matrix3x2> p13, Probe<Matrix4x4> p14, Probe<DateOnly?> p15, Probe<BigInteger?> p16, Probe<BigInteger[]> p17)
    {
        // Only its signature counts.
    }

    [ProcessTarget]
    public static void Collections(
        Probe<Stack<string>> p0, Probe<Queue<string>> p1, Probe<HashSet<string>> p2, Probe<SortedSet<string>> p3, Probe<LinkedList<string>> p4,
        Probe<PriorityQueue<string, int>> p5, Probe<Collection<string>> p6, Probe<ReadOnlyCollection<string>> p7,
        Probe<ObservableCollection<string>> p8, Probe<ReadOnlyObservableCollection<string>> p9, Probe<ConcurrentQueue<string>> p10,
        Probe<ConcurrentStack<string>> p11, Probe<ConcurrentBag<string>> p12, Probe<BlockingCollection<string>> p13,
        Probe<ImmutableArray<string>> p14, Probe<ImmutableList<string>> p15, Probe<ImmutableHashSet<string>> p16,
        Probe<ImmutableSortedSet<string>> p17, Probe<ImmutableQueue<string>> p18, Probe<ImmutableStack<string>> p19,
        Probe<FrozenSet<string>> p20, Probe<ReadOnlySet<string>> p21, Probe<Memory<string>> p22, Probe<ReadOnlyMemory<string>> p23,
        Probe<ArraySegment<string>> p24, Probe<ReadOnlySequence<byte>> p25, Probe<string[,,]> p26, Probe<byte[,,,]> p27,
        Probe<int[,,,,]> p28, Probe<int[][,]> p29, Probe<int[,][]> p30, Probe<List<string[]>> p31, Probe<List<(byte, int)>> p32,
        Probe<List<int?>> p33, Probe<Stack<int>> p34, Probe<PriorityQueue<int, long>> p35)
    {
        // Only its signature counts.
    }

    [ProcessTarget]
    public static void Interfaces(
        Probe<IEnumerable<string>> p0, Probe<ICollection<string>> p1, Probe<IList<string>> p2, Probe<IReadOnlyCollection<string>> p3,
        Probe<IReadOnlyList<string>> p4, Probe<ISet<string>> p5, Probe<IReadOnlySet<string>> p6, Probe<IImmutableList<string>> p7,
        Probe<IImmutableSet<string>> p8, Probe<IImmutableQueue<string>> p9, Probe<IImmutableStack<string>> p10,
        Probe<IDictionary<string, int>> p11, Probe<IReadOnlyDictionary<string, int>> p12, Probe<IImmutableDictionary<string, int>> p13,
        Probe<IGrouping<string, int>> p14, Probe<ILookup<int, string>> p15)
    {
        // Only its signature counts.
    }

    [ProcessTarget]
    public static void Dictionaries(
        Probe<Dictionary<int, long>> p0, Probe<Dictionary<Guid, string>> p1, Probe<SortedDictionary<int, string>> p2, Probe<SortedList<string, int>> p3,
        Probe<OrderedDictionary<string, int>> p4, Probe<ReadOnlyDictionary<string, int>> p5, Probe<ConcurrentDictionary<string, int>> p6,
        Probe<ImmutableDictionary<string, int>> p7, Probe<ImmutableSortedDictionary<string, int>> p8, Probe<FrozenDictionary<string, int>> p9,
        Probe<FrozenDictionary<byte, int>> p10, Probe<KeyValuePair<string, int>> p11, Probe<Dictionary<string, List<Money>>> p12)
    {
        // Only its signature counts.
    }

    [ProcessTarget]
    public static void Others(
        Probe<Uri> p0, Probe<Version> p1, Probe<CultureInfo> p2, Probe<TimeZoneInfo> p3, Probe<StringBuilder> p4, Probe<Lazy<string>> p5,
        Probe<Tuple<string>> p6, Probe<ValueTuple<string>> p7, Probe<Money?> p8, Probe<(string Name, int Age)> p9,
        Probe<(int, int, int, int, int, int, int, int, int, string)> p10, Probe<(int, (string, (byte, Guid?)))> p11, Probe<Version[]> p12)
    {
        // Only its signature counts.
    }
}
