using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Procgen.Tests.Serialization;

/// <summary>Whatever the value, what is read is what was written. FsCheck prints the seed of a failure.</summary>
[TestFixture]
public sealed class PropertyTests
{
    [Test]
    public void Arrays_of_numbers_round_trip()
    {
        Holds<int[]>();
        Holds<double[]>();
        Holds<byte[]>();
    }

    [Test]
    public void Scalars_round_trip()
    {
        Holds<long>();
        Holds<double>();
        Holds<decimal>();
        Holds<DateTime>();
        Holds<DateTimeOffset>();
        Holds<TimeSpan>();
        Holds<Guid>();
        Holds<char>();
        Holds<int?>();
    }

    [Test]
    public void Strings_round_trip_or_hold_a_lone_surrogate() => Holds(ArbMap.Default.ArbFor<char[]>(), static letters =>
    {
        string text = new(letters);
        return IsWellFormed(text)
            ? Payload.Decode<string>(Payload.Encode(text)) == text
            : Assert.Throws<ProcessSerializationException>(() => Payload.Encode(text)) is not null;
    });

    [Test]
    public void Tuples_round_trip()
    {
        Holds<(int, Guid)>(static (a, b) => (a.Length, Guid.NewGuid()));
        Holds<(byte, string, long)>(static (a, b) => ((byte)b.Length, a, b.Length));
    }

    [Test]
    public void Dictionaries_and_sets_round_trip()
    {
        Holds<Dictionary<string, int>>(static (a, b) => b.Distinct().ToDictionary(item => a + item, item => item));
        Holds<Dictionary<int, long>>(static (a, b) => b.Distinct().ToDictionary(item => item, item => item * 7L));
        Holds<HashSet<int>>(static (_, b) => [.. b]);
    }

    [Test]
    public void Objects_round_trip()
    {
        Holds<Person>(static (a, b) => new Person(b.Length, a, [.. b.Select(static item => item % 3 == 0 ? null : $"{item}")]));
        Holds<Tree<int>>(static (_, b) => Grow(b, 0));
        Holds<Shape>(static (a, b) => b.Length % 2 == 0 ? new Circle(a, b.Length) : new Polygon(a, b));
        Holds<Job>(static (a, b) => new Job
        {
            Owner = new Person(1, a, []),
            Owners = [.. b.Select(static item => new Owner { Name = $"{item}" })],
            Pair = (b.Length, new Owner { Name = a }),
        });
    }

    [Test]
    public void Graphs_round_trip() => Holds<Friend[]>(static (a, b) =>
    {
        Friend[] friends = [.. Enumerable.Range(0, b.Length + 1).Select(i => new Friend { Name = a + i })];
        for (int i = 0; i < b.Length; i++) friends[i].Best = friends[(int)((uint)b[i] % friends.Length)];
        foreach (int item in b) friends[0].All.Add(friends[(int)((uint)item % friends.Length)]);
        return friends;
    });

    private static Tree<int> Grow(int[] values, int depth) => new()
    {
        Value = values.Length == 0 ? depth : values[depth % values.Length],
        Children = depth >= values.Length || depth > 6 ? null : [.. Enumerable.Range(0, (int)((uint)values[depth] % 3)).Select(_ => Grow(values, depth + 1))],
    };

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }

        return true;
    }

    private static void Holds<T>() => Holds(ArbMap.Default.ArbFor<T>(), RoundTrips);

    /// <summary>A value made of a text without surrogates and of numbers.</summary>
    private static void Holds<T>(Func<string, int[], T> make) => Holds(
        ArbMap.Default.ArbFor<(char[] Letters, int[] Numbers)>(),
        seed => RoundTrips(make(new string([.. (seed.Letters ?? []).Where(static letter => !char.IsSurrogate(letter))]), seed.Numbers ?? [])));

    private static void Holds<T>(Arbitrary<T> values, Func<T, bool> holds) =>
        Prop.ForAll(values, holds).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static bool RoundTrips<T>(T value) => Describe.It(Payload.Decode<T>(Payload.Encode(value))) == Describe.It(value);
}
