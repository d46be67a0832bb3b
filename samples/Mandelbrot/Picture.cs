using Samples.Imaging;

namespace Mandelbrot;

/// <summary>Which part of the plane is shown, and how finely.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="CenterX">The real part of the point in the middle.</param>
/// <param name="CenterY">Its imaginary part.</param>
/// <param name="Span">How much of the real axis is seen.</param>
/// <param name="MaxIterations">After how many steps a point counts as one of the set.</param>
public sealed record Picture(int Width, int Height, double CenterX, double CenterY, double Span, int MaxIterations)
{
    private const double EscapeSquared = 256 * 256;

    /// <summary>A spiral of the sea horse valley, three to two.</summary>
    public static Picture SeaHorses(int width) => new(width, width * 2 / 3, -0.743643887, 0.131825904, 0.0042, 3_000);

    /// <summary>The picture in tiles of at most <paramref name="edge"/> by <paramref name="edge"/> pixels.</summary>
    public IEnumerable<Tile> Tiles(int edge)
    {
        for (int y = 0; y < Height; y += edge)
        {
            for (int x = 0; x < Width; x += edge) yield return new Tile(x, y, Math.Min(edge, Width - x), Math.Min(edge, Height - y));
        }
    }

    /// <summary>Renders one tile.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="pixels">The whole picture's, as in <see cref="PixelImage"/>; only the tile's are written.</param>
    public void Render(Tile tile, Span<byte> pixels)
    {
        double step = Span / Width;
        for (int y = tile.Y; y < tile.Y + tile.Height; y++)
        {
            double imaginary = CenterY - ((y - (Height / 2.0)) * step);
            for (int x = tile.X; x < tile.X + tile.Width; x++)
            {
                double real = CenterX + ((x - (Width / 2.0)) * step);
                Paint(Escape(real, imaginary), pixels.Slice(((y * Width) + x) * PixelImage.Depth, PixelImage.Depth));
            }
        }
    }

    /// <summary>After how many steps the point is far away, with what is beyond the last step as a fraction; −1 where it stays.</summary>
    private double Escape(double real, double imaginary)
    {
        double x = 0, y = 0;
        for (int i = 0; i < MaxIterations; i++)
        {
            double xx = x * x, yy = y * y;
            if (xx + yy > EscapeSquared) return i + 1 - Math.Log2(Math.Log2(xx + yy) / 2);
            y = (2 * x * y) + imaginary;
            x = xx - yy + real;
        }

        return -1;
    }

    private static void Paint(double escape, Span<byte> pixel)
    {
        if (escape < 0)
        {
            pixel.Clear();
            return;
        }

        double phase = 0.55 * Math.Log2(1 + escape);
        for (int color = 0; color < PixelImage.Depth; color++)
            pixel[color] = (byte)(127.5 * (1 - Math.Cos(2 * Math.PI * (phase + (color * 0.09)))));
    }
}
