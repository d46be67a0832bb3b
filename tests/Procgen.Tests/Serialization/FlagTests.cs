using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Procgen.Tests.Serialization;

/// <summary>A bool is 0 or 1 wherever it lies in memory that is copied as a whole; any other byte is refused.</summary>
[TestFixture]
public sealed class FlagTests
{
    [Test]
    public void A_bool_of_two_is_refused_by_itself_and_in_every_collection()
    {
        AssertOnlyFlags(true, 0);
        AssertOnlyFlags<bool?>(true, 0, 1);
        AssertOnlyFlags<bool[]>([true, false, true], 4, 5, 6);
        AssertOnlyFlags<bool?[]>([true, null], 4, 5, 6, 7);
        AssertOnlyFlags<List<bool>>([true, false], 4, 5);
        AssertOnlyFlags(new Memory<bool>([true, false]), 4, 5);
        AssertOnlyFlags(new HashSet<bool>([true]), 4);
        AssertOnlyFlags(new[,] { { true, false } }, 13, 14);
        AssertOnlyFlags(new Dictionary<int, bool> { [1] = true }, 8);
        AssertOnlyFlags(KeyValuePair.Create((short)-1, true), 2);
        AssertOnlyFlags<KeyValuePair<int, bool>?>(KeyValuePair.Create(-1, true), 0, 8);
    }

    [Test]
    public void A_long_array_is_looked_through_to_its_end()
    {
        byte[] bytes = Payload.Encode(new bool[100_003]);
        bytes[^1] = 2;
        Assert.That(Assert.Throws<ProcessSerializationException>(() => Payload.Decode<bool[]>(bytes))!.Message, Does.Contain("2 was found"));
    }

    [Test]
    public void Bools_in_structs_are_found_wherever_they_are()
    {
        AssertOnlyFlags((-1, true), 4);
        AssertOnlyFlags((true, (-1L, false), (int?)5), 0, 16, 24);
        AssertOnlyFlags(new Flagged(true, -1, false), 0, 8);
        AssertOnlyFlags<Flagged[]>([new Flagged(true, -1, false), new Flagged(false, 7, true)], 4, 12, 16, 24);
        AssertOnlyFlags<List<(bool, bool)>>([(true, false)], 4, 5);
        AssertOnlyFlags<Flagged?>(new Flagged(true, -1, true), 0, 4, 12);
        AssertOnlyFlags(new Board { Squares = MakeSquares(), IsWon = true }, 0, 1, 2, 3);
    }

    [Test]
    public void Where_fields_lie_over_each_other_no_byte_is_taken_for_a_bool() =>
        Assert.That(Payload.Decode<Either>(Payload.Encode(new Either { Number = 0x0505 })).Number, Is.EqualTo(0x0505));

    /// <summary>Sets every byte in turn to 2: refused exactly where a bool is.</summary>
    private static void AssertOnlyFlags<T>(T value, params int[] flags)
    {
        byte[] original = Payload.Encode(value);
        List<int> refused = [];
        for (int at = 0; at < original.Length; at++)
        {
            // A length is refused for reasons of its own.
            byte[] bytes = [.. original];
            bytes[at] = 2;
            try
            {
                Payload.Decode<T>(bytes);
            }
            catch (ProcessSerializationException error) when (error.Message.Contains("a bool is 0 or 1", StringComparison.Ordinal))
            {
                refused.Add(at);
            }
            catch (ProcessSerializationException)
            {
                continue;
            }
        }

        Assert.That(refused, Is.EqualTo(flags), typeof(T).ToString());
    }

    private static Squares MakeSquares()
    {
        Squares squares = default;
        squares[1] = true;
        return squares;
    }
}

/// <summary>Names the types, so that the generator emits their codecs. Nobody calls it.</summary>
internal static class FlagTargets
{
    [ProcessTarget]
    public static void Name(
        Probe<bool?> p0,
        Probe<bool?[]> p1,
        Probe<List<bool>> p2,
        Probe<Memory<bool>> p3,
        Probe<HashSet<bool>> p4,
        Probe<bool[,]> p5,
        Probe<Dictionary<int, bool>> p6,
        Probe<KeyValuePair<short, bool>> p7,
        Probe<KeyValuePair<int, bool>?> p8,
        Probe<(int, bool)> p9,
        Probe<(bool, (long, bool), int?)> p10,
        Probe<Flagged> p11,
        Probe<Flagged[]> p12,
        Probe<List<(bool, bool)>> p13,
        Probe<Flagged?> p14,
        Probe<Board> p15,
        Probe<Either> p16)
    {
        // Only its signature counts.
    }
}

/// <summary>Bools that generated code has to reach into.</summary>
internal readonly struct Flagged(bool isFirst, int number, bool isLast)
{
    private readonly bool _isFirst = isFirst;
    private readonly int _number = number;

    public bool IsLast { get; } = isLast;

    public override string ToString() => $"{_isFirst} {_number} {IsLast}";
}

[InlineArray(3)]
internal struct Squares
{
    private bool _first;
}

internal struct Board
{
    public Squares Squares;
    public bool IsWon;
}

[StructLayout(LayoutKind.Explicit)]
internal struct Either
{
    [FieldOffset(0)]
    public bool Flag;

    [FieldOffset(0)]
    public int Number;
}
