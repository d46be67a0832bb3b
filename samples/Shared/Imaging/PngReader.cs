using System.Buffers.Binary;
using System.IO.Compression;

namespace Samples.Imaging;

/// <summary>Reads PNG files of 8 bits a colour that are not interlaced, with or without transparency, which is dropped.</summary>
public static class PngReader
{
    private const int MaxPixels = 1 << 28;

    /// <summary>Reads a picture.</summary>
    /// <exception cref="InvalidDataException">It is no such picture, or damaged.</exception>
    public static PixelImage Read(string path)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        if (!rest.StartsWith(PngChunk.Signature)) throw new InvalidDataException("This is no PNG file.");
        rest = rest[PngChunk.Signature.Length..];
        PngChunk.Read(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> header);
        if (!type.SequenceEqual("IHDR"u8) || header.Length != PngChunk.HeaderLength) throw new InvalidDataException("The picture has no header.");
        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        if (width <= 0 || height <= 0 || (long)width * height > MaxPixels) throw new InvalidDataException($"{width} x {height} is no size that this reads.");
        int depth = (header[8], header[9], header[12]) switch
        {
            (8, 2, 0) => 3,
            (8, 6, 0) => 4,
            _ => throw new InvalidDataException("Only pictures of red, green and blue, 8 bits each and not interlaced, can be read."),
        };

        var data = new MemoryStream();
        while (!type.SequenceEqual("IEND"u8))
        {
            PngChunk.Read(ref rest, out type, out ReadOnlySpan<byte> part);
            if (type.SequenceEqual("IDAT"u8)) data.Write(part);
        }

        data.Position = 0;
        using var inflate = new ZLibStream(data, CompressionMode.Decompress);
        return new PixelImage(width, height, ReadRows(inflate, width, height, depth));
    }

    private static byte[] ReadRows(ZLibStream inflate, int width, int height, int depth)
    {
        byte[] pixels = new byte[PixelImage.Depth * width * height];
        byte[] above = new byte[depth * width];
        byte[] row = new byte[depth * width];
        for (int y = 0; y < height; y++)
        {
            int filter = inflate.ReadByte();
            if (inflate.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length) throw new InvalidDataException("The picture ends too early.");
            for (int i = 0; i < row.Length; i++)
            {
                (int left, int aboveLeft) = i < depth ? (0, 0) : (row[i - depth], above[i - depth]);
                row[i] += (byte)Predict(filter, left, above[i], aboveLeft);
            }

            for (int x = 0; x < width; x++) row.AsSpan(x * depth, PixelImage.Depth).CopyTo(pixels.AsSpan(((y * width) + x) * PixelImage.Depth));
            (row, above) = (above, row);
        }

        return pixels;
    }

    private static int Predict(int filter, int left, int above, int aboveLeft) => filter switch
    {
        0 => 0,
        1 => left,
        2 => above,
        3 => (left + above) / 2,
        4 => Nearest(left, above, aboveLeft),
        _ => throw new InvalidDataException($"There is no filter {filter}."),
    };

    /// <summary>Whichever of the three is nearest to left + above − aboveLeft: Paeth's predictor.</summary>
    private static int Nearest(int left, int above, int aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft);
        int toAbove = Math.Abs(left - aboveLeft);
        int toAboveLeft = Math.Abs(left + above - (2 * aboveLeft));
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
