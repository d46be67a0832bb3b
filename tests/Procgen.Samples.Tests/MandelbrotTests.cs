using System.Globalization;
using Mandelbrot;
using Samples.Imaging;

namespace Procgen.Samples.Tests;

public sealed class MandelbrotTests
{
    /// <summary>Some wider than a tile and some not, none a multiple of one.</summary>
    [TestCase(3)]
    [TestCase(64)]
    [TestCase(500)]
    public async Task The_picture_is_pixel_by_pixel_what_one_process_renders(int width)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "picture.png");

        string[] lines = await new Sample("Mandelbrot").LinesAsync(file, width.ToString(CultureInfo.InvariantCulture));

        PixelImage written = PngReader.Read(file);
        var picture = Picture.SeaHorses(width);
        byte[] expected = new byte[PixelImage.Depth * picture.Width * picture.Height];
        picture.Render(new Tile(0, 0, picture.Width, picture.Height), expected);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[^1], Does.StartWith($"{picture.Width} x {picture.Height} pixels in ").And.EndWith($"; see {file}"));
            Assert.That((written.Width, written.Height), Is.EqualTo((picture.Width, picture.Height)));
            Assert.That(written.Pixels.AsSpan().CommonPrefixLength(expected), Is.EqualTo(expected.Length), "bytes from the first pixel on that agree");
            Assert.That(expected.Distinct().Count(), Is.GreaterThan(width > 3 ? 100 : 1), "a picture of something");
        }
    }
}
