using Samples.Imaging;

namespace Procgen.Samples.Tests;

public sealed class PngTests
{
    [Test]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "noise.png");
        byte[] noise = new byte[PixelImage.Depth * 17 * 9];
        new Random(4711).NextBytes(noise);

        PngWriter.Write(file, 17, 9, noise);

        PixelImage read = PngReader.Read(file);
        Assert.That((read.Width, read.Height), Is.EqualTo((17, 9)));
        Assert.That(read.Pixels, Is.EqualTo(noise));
    }

    [Test]
    public void Every_damaged_byte_and_every_early_end_is_noticed()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "damaged.png");
        PngWriter.Write(file, 2, 2, new byte[12]);
        byte[] good = File.ReadAllBytes(file);

        using (Assert.EnterMultipleScope())
        {
            for (int i = 0; i < good.Length; i++)
            {
                byte[] damaged = [.. good];
                damaged[i] ^= 0x55;
                File.WriteAllBytes(file, damaged);
                Assert.That(() => PngReader.Read(file), Throws.InstanceOf<InvalidDataException>(), $"byte {i} changed");
                File.WriteAllBytes(file, good[..i]);
                Assert.That(() => PngReader.Read(file), Throws.InstanceOf<InvalidDataException>(), $"{i} bytes");
            }
        }
    }

    [Test]
    public void Pictures_need_as_many_pixels_as_they_say() =>
        Assert.That(() => PngWriter.Write("never.png", 2, 2, new byte[11]), Throws.ArgumentException);
}
