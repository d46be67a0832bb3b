using Procgen;
using Samples.Imaging;

namespace ImageFolder;

/// <summary>What the workers do with one file.</summary>
internal static class Resizing
{
    /// <summary>Puts a smaller picture into another folder.</summary>
    /// <returns>Its width and height.</returns>
    [ProcessTarget]
    public static (int Width, int Height) Resize(string file, string folder, int divisor)
    {
        PixelImage small = NativeScaler.Shrink(PngReader.Read(file), divisor);
        PngWriter.Write(Path.Combine(folder, Path.GetFileName(file)), small.Width, small.Height, small.Pixels);
        return (small.Width, small.Height);
    }
}
