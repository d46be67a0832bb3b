using System.Text;
using NUnit.Framework;

namespace Procgen.Tests.Serialization;

/// <summary>Text of every length that is transcoded in steps, with one character at every place that the steps cannot take.</summary>
[TestFixture]
public sealed class ShortTextTests
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    [Test]
    public void Every_length_and_every_place_of_another_character_comes_back()
    {
        for (int length = 1; length <= 70; length++)
        {
            string text = string.Concat(Enumerable.Range(0, length).Select(static i => Letters[i % Letters.Length]));
            AssertComesBack(text);
            for (int at = 0; at < length; at++)
            {
                foreach (char other in "\0\u007F\u0080\u00FFé€\uFFFD") AssertComesBack(text[..at] + other + text[(at + 1)..]);
                AssertComesBack(text[..at] + "😀" + text[at..]);
            }
        }
    }

    [Test]
    public void A_byte_that_is_no_ASCII_where_as_many_characters_are_announced_is_refused()
    {
        for (int length = 1; length <= 70; length++)
        {
            byte[] original = Payload.Encode(new string('a', length));
            for (int at = 8; at < original.Length; at++)
            {
                byte[] bytes = [.. original];
                bytes[at] = 0x80;
                Assert.That(() => Payload.Decode<string>(bytes), Throws.TypeOf<ProcessSerializationException>());
            }
        }
    }

    private static void AssertComesBack(string text)
    {
        byte[] bytes = Payload.Encode(text);
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Assert.That(bytes.AsSpan(8).SequenceEqual(utf8), text);
        Assert.That((BitConverter.ToInt32(bytes), BitConverter.ToInt32(bytes, 4)), Is.EqualTo((~utf8.Length, text.Length)));
        Assert.That(Payload.Decode<string>(bytes), Is.EqualTo(text));
    }
}
