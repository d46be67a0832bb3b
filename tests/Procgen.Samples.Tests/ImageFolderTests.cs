using Samples.Imaging;

namespace Procgen.Samples.Tests;

public sealed class ImageFolderTests
{
    private static readonly Sample ImageFolder = new("ImageFolder");

    [Test]
    public async Task The_batch_finishes_and_the_report_names_what_was_fatal()
    {
        string[] lines = await ImageFolder.LinesAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Length.EqualTo(4));
            Assert.That(lines[0], Does.StartWith("[##############################] 24/24, 2 failed, "));
            Assert.That(lines[1], Is.EqualTo("22 of 24 pictures were resized."));
            Assert.That(lines[2], Does.Match(@"^picture-fatal\.png killed its worker, process \d+, exit code -?\d+: .*AccessViolationException"));
            Assert.That(lines[3], Is.EqualTo("picture-none.png could not be resized: This is no PNG file."));
        }
    }

    [Test]
    public async Task A_folder_of_ones_own_is_resized_to_a_quarter()
    {
        using var folder = new TemporaryFolder();
        string from = Path.Combine(folder.Path, "from"), to = Path.Combine(folder.Path, "to");
        Directory.CreateDirectory(from);
        byte[] white = new byte[PixelImage.Depth * 40 * 20];
        Array.Fill(white, byte.MaxValue);
        PngWriter.Write(Path.Combine(from, "white.png"), 40, 20, white);

        string[] lines = await ImageFolder.LinesAsync(from, to);

        PixelImage small = PngReader.Read(Path.Combine(to, "white.png"));
        Assert.That(lines[^1], Is.EqualTo("1 of 1 pictures were resized."));
        Assert.That((small.Width, small.Height), Is.EqualTo((10, 5)));
        Assert.That(small.Pixels, Is.All.EqualTo(byte.MaxValue));
    }

    [Test]
    public async Task One_folder_is_refused()
    {
        ToolResult result = await ImageFolder.RunAsync("somewhere");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Does.StartWith("ImageFolder takes no folder, or two"));
    }
}
