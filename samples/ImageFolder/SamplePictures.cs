using Samples.Imaging;

namespace ImageFolder;

/// <summary>A folder of pictures for those who bring none: all can be resized but one that is no picture, and one that is fatal.</summary>
internal static class SamplePictures
{
    private const int Count = 22;

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < Count; i++) Write(Path.Combine(folder, $"picture-{i:00}.png"), 320 + (16 * i), 240, i);
        Write(Path.Combine(folder, "picture-fatal.png"), 321, 240, 0);
        File.WriteAllText(Path.Combine(folder, "picture-none.png"), "This only says that it is a picture.");
    }

    /// <summary>Rings around a point that differs from picture to picture.</summary>
    private static void Write(string path, int width, int height, int number)
    {
        byte[] pixels = new byte[PixelImage.Depth * width * height];
        for (int i = 0; i < width * height; i++)
        {
            double x = (i % width) - (width / 2.0) - (8 * number), y = (i / width) - (height / 2.0);
            double ring = Math.Sqrt((x * x) + (y * y)) / (6 + number);
            for (int color = 0; color < PixelImage.Depth; color++) pixels[(i * PixelImage.Depth) + color] = (byte)(128 + (127 * Math.Sin(ring + color)));
        }

        PngWriter.Write(path, width, height, pixels);
    }
}
