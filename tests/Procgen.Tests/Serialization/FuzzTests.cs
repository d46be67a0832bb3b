using NUnit.Framework;

namespace Procgen.Tests.Serialization;

/// <summary>Bytes that nobody wrote: a million, each with one answer, a value or a ProcessSerializationException.</summary>
[TestFixture]
public sealed class FuzzTests
{
    private const int Inputs = 1_000_000;
    private const int AllocationFloor = 64 * 1024;

    [Test]
    public void There_are_at_least_forty_types() => Assert.That(FuzzTypes.All, Has.Count.GreaterThanOrEqualTo(40));

    [Test]
    [CancelAfter(600_000)]
    public void A_million_mutated_payloads_give_values_or_one_kind_of_exception_and_little_garbage(CancellationToken cancellationToken)
    {
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"seed {seed}");
        byte[][] originals = [.. FuzzTypes.All.Select(static type => type.Value.Encode())];
        int refused = 0;
        // One input after the other: the allocation counter is the thread's.
        for (int i = 0; i < Inputs && !cancellationToken.IsCancellationRequested; i++)
        {
            int index = i % originals.Length;
            Mutator mutator = new(unchecked(seed + i));
            byte[] input = mutator.Mutate(originals[index], originals[(int)((uint)mutator.Next() % originals.Length)]);
            if (!Survives(FuzzTypes.All[index], input, $"seed {seed}, input {i}")) refused++;
        }

        TestContext.Out.WriteLine($"{Inputs} payloads, {refused} refused");
        Assert.That(cancellationToken.IsCancellationRequested, Is.False, "the mutated payloads took too long");
        Assert.That(refused, Is.GreaterThan(Inputs / 10).And.LessThan(Inputs), "neither every payload nor none is bad");
    }

    [Test]
    public void Lengths_that_lie_allocate_nothing_beyond_the_payload()
    {
        // Every four bytes of every original become a length of two billion, and one just above what is left.
        foreach (FuzzType type in FuzzTypes.All)
        {
            byte[] original = type.Value.Encode();
            for (int at = 0; at + 4 <= original.Length; at++)
            {
                foreach (int length in (ReadOnlySpan<int>)[int.MaxValue, int.MinValue, original.Length, original.Length - at, original.Length - at - 4, ~int.MaxValue, ~original.Length])
                {
                    byte[] input = [.. original];
                    BitConverter.TryWriteBytes(input.AsSpan(at), length);
                    Survives(type, input, $"length {length} at {at}");
                }
            }
        }
    }

    [Test]
    public void Long_payloads_of_one_byte_allocate_no_more_than_the_type_is_worth()
    {
        foreach (FuzzType type in FuzzTypes.All)
        {
            foreach (int length in (ReadOnlySpan<int>)[1_000, 50_000])
            {
                foreach (byte value in (ReadOnlySpan<byte>)[0, 1, 2, 3, 4, 0x7F, 0x80, 0xF9, 0xFA, 0xFB, 0xFE, 0xFF])
                {
                    byte[] input = new byte[length];
                    Array.Fill(input, value);
                    Survives(type, input, $"{length} bytes of {value}");
                    // As the elements of one collection.
                    BitConverter.TryWriteBytes(input.AsSpan(), length - 4);
                    Survives(type, input, $"{length - 4} elements of {value}");
                }
            }
        }
    }

    private static bool Survives(FuzzType type, byte[] input, string which)
    {
        (bool read, long allocated) = Decode(type, input, which);
        double most = AllocationFloor + (input.Length * type.Ratio);

        // The first exception of a kind loads its message and more, once in a process: that is not the input's doing.
        if (allocated > most) (_, allocated) = Decode(type, input, which);
        if (allocated > most)
            Assert.Fail($"{which}: {type.Value.GetType()} allocated {allocated} bytes for {input.Length}, more than {most}: {Convert.ToHexString(input.AsSpan(0, Math.Min(200, input.Length)))}");
        return read;
    }

    private static (bool Read, long Allocated) Decode(FuzzType type, byte[] input, string which)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = false;
        try
        {
            type.Value.Decode(input);
            read = true;
        }
        catch (ProcessSerializationException)
        {
            // The one answer to bad bytes.
        }
        catch (Exception error)
        {
            Assert.Fail($"{which}: {type.Value.GetType()} threw {error} at {Convert.ToHexString(input)}");
        }

        return (read, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}

/// <summary>Makes bad payloads of good ones: bytes and lengths changed, cut, doubled, crossed.</summary>
internal struct Mutator(int seed)
{
    private static readonly byte[] Telling = [0, 1, 2, 4, 0x7F, 0x80, 0xF9, 0xFA, 0xFB, 0xFE, 0xFF];

    private uint _state = (uint)seed * 2654435761 | 1;

    public int Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)_state;
    }

    public byte[] Mutate(byte[] original, byte[] other)
    {
        byte[] bytes = [.. original];
        for (int changes = 1 + Below(4); changes > 0; changes--) bytes = Change(bytes, other);
        return bytes;
    }

    private byte[] Change(byte[] bytes, byte[] other)
    {
        int at = Below(bytes.Length + 1);
        switch (Below(8))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], (byte)Next(), .. bytes[at..]];
            case 2:
                return [.. bytes[..at], .. bytes[Below(bytes.Length + 1)..]];
            case 3:
                return [.. bytes[..at], .. other[Below(other.Length + 1)..]];
            case 4 when at + 4 <= bytes.Length:
                BitConverter.TryWriteBytes(bytes.AsSpan(at), Below(3) == 0 ? Next() : Below(300) - 10);
                return bytes;
            case 5 when at < bytes.Length:
                bytes[at] = Telling[Below(Telling.Length)];
                return bytes;
            case 6 when at < bytes.Length:
                bytes[at] ^= (byte)(1 << Below(8));
                return bytes;
            default:
                if (at < bytes.Length) bytes[at] = (byte)Next();
                return bytes;
        }
    }

    private int Below(int limit) => (int)((uint)Next() % (uint)limit);
}
