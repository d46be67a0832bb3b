using System.Buffers.Binary;
using System.IO.Compression;

namespace Samples.Imaging;

/// <summary>Writes PNG files: no image library that everybody may use can be had wherever this is built.</summary>
public static class PngWriter
{
    private const byte Up = 2;

    /// <summary>Writes a picture of 8 bits a colour.</summary>
    /// <param name="path">Where; replaced where it exists.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">As in <see cref="PixelImage"/>.</param>
    public static void Write(string path, int width, int height, ReadOnlySpan<byte> pixels)
    {
        if (pixels.Length != PixelImage.Depth * width * height) throw new ArgumentException("There are not as many pixels as rows and columns say.", nameof(pixels));
        using FileStream file = File.Create(path);
        file.Write(PngChunk.Signature);
        Span<byte> header = stackalloc byte[PngChunk.HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a colour
        header[9] = 2; // red, green, blue
        header[10..].Clear(); // deflate, the usual filters, not interlaced
        PngChunk.Write(file, "IHDR"u8, header);
        PngChunk.Write(file, "IDAT"u8, Compress(PixelImage.Depth * width, pixels));
        PngChunk.Write(file, "IEND"u8, []);
    }

    /// <summary>Each row as its difference from the one above, which deflates better than the row.</summary>
    private static ReadOnlySpan<byte> Compress(int stride, ReadOnlySpan<byte> pixels)
    {
        var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] row = new byte[stride];
            for (int start = 0; start < pixels.Length; start += stride)
            {
                deflate.WriteByte(Up);
                for (int i = 0; i < stride; i++) row[i] = (byte)(pixels[start + i] - (start == 0 ? 0 : pixels[start - stride + i]));
                deflate.Write(row);
            }
        }

        return data.GetBuffer().AsSpan(0, (int)data.Length);
    }
}
