using System.Buffers.Binary;

namespace Samples.Imaging;

/// <summary>What a PNG file is made of: a signature, then chunks of length, type, data and checksum.</summary>
internal static class PngChunk
{
    public const int HeaderLength = 13;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static index => Step((uint)index, 8))];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Write(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(type, data));
        file.Write(number);
    }

    /// <summary>Takes the first chunk off <paramref name="rest"/>.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public static void Read(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
    {
        if (rest.Length < 12) throw new InvalidDataException("The picture ends too early.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 12) throw new InvalidDataException("The picture ends too early.");
        type = rest.Slice(4, 4);
        data = rest.Slice(8, (int)length);
        if (BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]) != Checksum(type, data)) throw new InvalidDataException("The picture is damaged.");
        rest = rest[(12 + (int)length)..];
    }

    private static uint Checksum(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data) => ~Add(Add(uint.MaxValue, type), data);

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes) sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        return sum;
    }

    private static uint Step(uint value, int bits) => bits == 0 ? value : Step((value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1), bits - 1);
}
