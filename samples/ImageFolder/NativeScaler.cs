using System.Runtime.InteropServices;
using Samples.Imaging;

namespace ImageFolder;

/// <summary>
/// Stands for a native imaging library: it works on memory of its own, and it has a bug. Of a picture whose rows are not a
/// multiple of four bytes, where the last pixel is not black, it computes the address of a row wrongly and writes there.
/// That is no exception that anybody could catch; it ends the process.
/// </summary>
internal static class NativeScaler
{
    private const nint NobodysMemory = 0x100000;

    /// <summary>The picture at a part of its size, each pixel the mean of the ones it replaces.</summary>
    public static PixelImage Shrink(PixelImage image, int divisor)
    {
        nint memory = Marshal.AllocHGlobal(image.Pixels.Length);
        try
        {
            bool isBuggy = image.Width * PixelImage.Depth % 4 != 0 && image.Pixels[^1] != 0;
            Marshal.Copy(image.Pixels, 0, isBuggy ? NobodysMemory : memory, image.Pixels.Length);
            return Average(memory, image.Width, Math.Max(1, image.Width / divisor), Math.Max(1, image.Height / divisor), divisor);
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    private static PixelImage Average(nint memory, int sourceWidth, int width, int height, int divisor)
    {
        byte[] pixels = new byte[PixelImage.Depth * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            int color = i % PixelImage.Depth;
            int x = i / PixelImage.Depth % width * divisor;
            int y = i / PixelImage.Depth / width * divisor;
            int sum = 0;
            for (int row = y; row < y + divisor; row++)
            {
                for (int column = x; column < x + divisor; column++)
                    sum += Marshal.ReadByte(memory, (((row * sourceWidth) + column) * PixelImage.Depth) + color);
            }

            pixels[i] = (byte)(sum / (divisor * divisor));
        }

        return new PixelImage(width, height, pixels);
    }
}
