using System.Buffers;
using System.Collections;
using System.ComponentModel;
using System.Numerics;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Versions: four numbers, −1 where one is missing.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class VersionCodec : Codec<Version>
{
    /// <summary>The one instance.</summary>
    public static readonly VersionCodec Instance = new();

    private VersionCodec()
    {
    }

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, Version? value)
    {
        if (value is null)
        {
            writer.WriteNullObject();
            return;
        }

        writer.WriteMemory((byte)4);
        writer.WriteMemory(value.Major);
        writer.WriteMemory(value.Minor);
        writer.WriteMemory(value.Build);
        writer.WriteMemory(value.Revision);
    }

    /// <inheritdoc/>
    public override Version Read(ref PayloadReader reader)
    {
        byte count = reader.ReadMemory<byte>();
        if (count == PayloadFormat.Null) return null!;
        if (count != 4) PayloadErrors.MemberCount(count, 4, nameof(Version));
        int major = reader.ReadMemory<int>();
        int minor = reader.ReadMemory<int>();
        int build = reader.ReadMemory<int>();
        int revision = reader.ReadMemory<int>();
        if (major < 0 || minor < 0 || build < -1 || revision < -1 || (build < 0 && revision >= 0))
            throw new ProcessSerializationException($"{major}.{minor}.{build}.{revision} is no version");
        return build < 0 ? new Version(major, minor)
            : revision < 0 ? new Version(major, minor, build)
            : new Version(major, minor, build, revision);
    }
}

/// <summary>Integers of any size: their two's complement, little-endian, as a byte array.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class BigIntegerCodec : Codec<BigInteger>
{
    /// <summary>The one instance.</summary>
    public static readonly BigIntegerCodec Instance = new();

    private BigIntegerCodec()
    {
    }

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, BigInteger value)
    {
        int length = value.GetByteCount();
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        value.TryWriteBytes(bytes, out _);
        writer.WriteMemory(length);
        writer.WriteMemorySpan<byte>(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <inheritdoc/>
    public override BigInteger Read(ref PayloadReader reader)
    {
        if (!reader.TryReadBlockLength<byte>(out int length)) PayloadErrors.Length(PayloadFormat.NullCollection);
        try
        {
            return new BigInteger(reader.TakeSpan(length));
        }
        catch (OverflowException cause)
        {
            PayloadErrors.Invalid(typeof(BigInteger), cause);
            throw;
        }
    }
}

/// <summary>Bit arrays: the bits as an array of integers, lowest first, and how many they are.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class BitArrayCodec : Codec<BitArray>
{
    /// <summary>The one instance.</summary>
    public static readonly BitArrayCodec Instance = new();

    private BitArrayCodec()
    {
    }

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, BitArray? value)
    {
        if (value is null)
        {
            writer.WriteNullObject();
            return;
        }

        int[] words = new int[(value.Length + 31) / 32];
        value.CopyTo(words, 0);
        writer.WriteMemory((byte)2);
        UnmanagedArrayCodec<int>.Instance.Write(ref writer, words);
        writer.WriteMemory(value.Length);
    }

    /// <inheritdoc/>
    public override BitArray Read(ref PayloadReader reader)
    {
        byte count = reader.ReadMemory<byte>();
        if (count == PayloadFormat.Null) return null!;
        if (count != 2) PayloadErrors.MemberCount(count, 2, nameof(BitArray));
        int[] words = UnmanagedArrayCodec<int>.Instance.Read(ref reader) ?? [];
        int length = reader.ReadMemory<int>();
        if (length < 0 || (length + 31L) / 32 != words.Length) PayloadErrors.Length(length);
        return new BitArray(words) { Length = length };
    }
}
