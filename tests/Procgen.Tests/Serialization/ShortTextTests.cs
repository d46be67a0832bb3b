using System.Buffers;
using System.Text;
using NUnit.Framework;
using Procgen.CompilerServices;

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

    [Test]
    public void Longer_text_comes_back_whatever_is_where_in_it()
    {
        int[] lengths = [.. Enumerable.Range(64, 140), 1000, 16 * 1024, (16 * 1024) + 1, 100_000];
        foreach (int length in lengths)
        {
            string text = string.Concat(Enumerable.Range(0, length).Select(static i => Letters[i % Letters.Length]));
            AssertComesBack(text);
            foreach (int at in new[] { 0, 1, 31, 32, 63, length / 2, length - 65, length - 64, length - 2, length - 1 })
            {
                if (at < 0) continue;
                foreach (char other in "\u007F\u0080é€") AssertComesBack(text[..at] + other + text[(at + 1)..]);
                AssertComesBack(text[..at] + "😀" + text[at..]);
                Assert.That(() => Payload.Encode(text[..at] + '\uD800' + text[(at + 1)..]), Throws.TypeOf<ProcessSerializationException>());
            }

            AssertComesBack(new string('é', length));
            AssertComesBack(new string('€', length));
        }
    }

    [Test]
    public void Text_that_takes_more_room_than_was_asked_for_comes_back_beside_what_is_around_it()
    {
        // Buffers of exactly what is asked for: text that is not ASCII takes another one.
        foreach (int length in new[] { 3, 10, 70, 300, 3000, 20_000 })
        {
            string[] texts = ["first", new('a', length), new string('a', length - 1) + "é", new('€', length), "é" + new string('a', length), "last"];
            NarrowBuffers output = new();
            PayloadWriter writer = new(output);
            foreach (string text in texts) writer.WriteString(text);
            writer.Flush();
            PayloadReader reader = new(output.Written);
            foreach (string text in texts) Assert.That(reader.ReadString(), Is.EqualTo(text));
            Assert.That(reader.Remaining, Is.Zero);
        }
    }

    /// <summary>A new buffer whenever one is asked for, filled with what is not zero, and no longer than asked.</summary>
    private sealed class NarrowBuffers : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _buffer = [];

        public byte[] Written => [.. _written];

        public void Advance(int count) => _written.AddRange(_buffer.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            _buffer = new byte[Math.Max(sizeHint, 1)];
            _buffer.AsSpan().Fill(0xCC);
            return _buffer;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
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
