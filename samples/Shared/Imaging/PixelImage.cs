namespace Samples.Imaging;

/// <summary>A picture: rows from the top, three bytes a pixel, red, green and blue.</summary>
/// <param name="Width">Pixels in a row, 1 or more.</param>
/// <param name="Height">Rows, 1 or more.</param>
/// <param name="Pixels">Three times width times height bytes.</param>
public sealed record PixelImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Bytes a pixel.</summary>
    public const int Depth = 3;
}
