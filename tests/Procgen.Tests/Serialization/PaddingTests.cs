using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Procgen.Tests.Serialization;

/// <summary>Equal values are equal bytes: nothing of the stack gets into the gaps between their fields.</summary>
[TestFixture]
public sealed class PaddingTests
{
    // Enough for the compiler to come with its optimised code, which is what leaves gaps as they are.
    private const int Rounds = 50_000;

    [Test]
    public void Gaps_are_zero_in_values_that_are_their_memory()
    {
        AssertGapless(static () => ((byte)1, 2), "0200000001000000");
        AssertGapless(static () => new Pad { A = 1, B = 2, C = 3, O = new DateTimeOffset(4, TimeSpan.Zero) }, "01000000020000000300000000000000" + "0000000000000000" + "0400000000000000");
        AssertGapless<(int, byte)?>(static () => (1, 2), "0100000000000000" + "0100000002000000");
        AssertGapless(static () => KeyValuePair.Create((byte)1, new DateTimeOffset(0x55, TimeSpan.Zero)), "0100000000000000" + "0000000000000000" + "5500000000000000");
        AssertGapless(static () => new DateTimeOffset(new DateTime(600_000_000L * 330), TimeSpan.FromMinutes(-330)), "B6FEFFFF00000000" + "007870335C000000");
        AssertGapless(static () => ((byte)1, (int?)2), "01000000" + "0100000002000000" + "00000000");
        AssertGapless(static () => ((byte)1, (Gapped?)new Gapped(2, 3)), "0100000000000000" + "0100000000000000" + "0200000000000000" + "0300000000000000");
        AssertGapless(static () => new Dictionary<Gapped, byte> { [new Gapped(1, 2)] = 3 }, "01000000" + "0100000000000000" + "0200000000000000" + "0300000000000000");
    }

    [Test]
    public void Private_fields_are_written_field_by_field_too() =>
        AssertGapless(static () => new Gapped(1, 2), "0100000000000000" + "0200000000000000");

    [Test]
    public void Gaps_do_no_harm_to_what_is_read()
    {
        Dictionary<(byte, DateTime), (long, byte)> pairs = new() { [(1, new DateTime(2))] = (3, 4) };
        Assert.That(Payload.Decode<Dictionary<(byte, DateTime), (long, byte)>>(Payload.Encode(pairs)), Is.EqualTo(pairs));
        Dictionary<KeyValuePair<byte, int>, short> nested = new() { [new(1, 2)] = 3 };
        Assert.That(Payload.Decode<Dictionary<KeyValuePair<byte, int>, short>>(Payload.Encode(nested)), Is.EqualTo(nested));
        Assert.That(Convert.ToHexString(Payload.Encode(nested)), Is.EqualTo("01000000" + "01000000" + "02000000" + "03000000"));
        Gapped? none = null;
        Assert.That(Payload.Decode<Gapped?>(Payload.Encode(none)), Is.Null);
    }

    private static void AssertGapless<T>(Func<T> make, string expected)
    {
        for (int i = 0; i < Rounds; i++)
        {
            Scribble(i % 1000);
            T value = make();
            Scribble(7);
            string written = Convert.ToHexString(Payload.Encode(value));
            if (written != expected) Assert.That(written, Is.EqualTo(expected), $"round {i}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Scribble(int at)
    {
        Span<byte> stack = stackalloc byte[1000];
        stack.Fill(0xEE);
        return stack[at];
    }
}
