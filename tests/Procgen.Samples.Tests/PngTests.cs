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

    /// <summary>Four by five pixels with transparency, a row for each of the five filters, in two parts; made by CPython's zlib.</summary>
    [Test]
    public void Pictures_of_others_are_read_whatever_their_filters()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "filters.png");
        File.WriteAllBytes(file, Convert.FromHexString(
            "89504e470d0a1a0a0000000d494844520000000400000005080600000062ad4ddb000000144944415478da015500aaff00a54dca182530bb1d6d132c" +
            "de7cb29f8a0000004c49444154d6237b2e01d91e3f7246addafff8797b6532f80986025b427fbf0153508dc35c5a12705de2000362f93ae561c21228" +
            "78149429d3436e8f04ab7715b68204750adb1cfe7014eabab1d75e23efae5f61d80000000049454e44ae426082"));

        PixelImage read = PngReader.Read(file);

        Assert.That((read.Width, read.Height), Is.EqualTo((4, 5)));
        Assert.That(Convert.ToHexStringLower(read.Pixels), Is.EqualTo("a54dca2530bb6d132cd6237bd91e3f1fcb19174494493c9d3460be201e69daa0eeb9997f7c2999afe5933cd6544dfad727a0aefee9238af2219ee491"));
    }
}
