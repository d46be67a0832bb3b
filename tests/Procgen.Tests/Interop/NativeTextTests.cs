using NUnit.Framework;
using Procgen.Interop;

namespace Procgen.Tests.Interop;

public sealed class NativeTextTests
{
    [TestCase("", "")]
    [TestCase("plain", "plain")]
    [TestCase("größer", "größer")]
    [TestCase("𝄞", "𝄞")]
    public void All_of_a_text_is_utf8_with_a_zero_at_its_end(string text, string expected) =>
        Assert.That(NativeText.Terminated(text), Is.EqualTo(System.Text.Encoding.UTF8.GetBytes(expected + "\0")));

    [TestCase("seven", "seven")]
    [TestCase("exactly", "exactly")]
    [TestCase("too long a text", "too lon")]
    [TestCase("ääää", "äää", TestName = "No half of a character is written")]
    [TestCase("ascii, then ä", "ascii, ")]
    public void Of_a_text_that_is_too_long_as_much_is_written_as_there_is_room_for(string text, string expected)
    {
        Span<byte> target = stackalloc byte[8];
        target.Fill(0xCC);
        NativeText.Write(text, target);
        Assert.That(System.Text.Encoding.UTF8.GetString(target[..target.IndexOf((byte)0)]), Is.EqualTo(expected));
    }
}
