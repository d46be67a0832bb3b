using System.Text;
using System.Text.Unicode;

namespace Procgen.Interop;

/// <summary>
/// Text as the C library takes it: UTF-8 with a zero at its end. ASCII is transcoded by hand: for their first text the
/// framework's transcoders load all types of vectors, which is a twentieth of a worker's start.
/// </summary>
internal static class NativeText
{
    /// <summary>All of <paramref name="text"/>.</summary>
    public static byte[] Terminated(string text)
    {
        byte[] bytes = new byte[text.Length + 1];
        if (TryNarrow(text, bytes)) return bytes;

        bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>As many whole characters as there is room for, and the zero.</summary>
    public static void Write(string text, Span<byte> target)
    {
        Span<byte> room = target[..^1];
        int written = Math.Min(text.Length, room.Length);
        if (!TryNarrow(text.AsSpan(0, written), room)) Utf8.FromUtf16(text, room, out _, out written);
        target[written] = 0;
    }

    private static bool TryNarrow(ReadOnlySpan<char> text, Span<byte> ascii)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] > 0x7F) return false;
            ascii[i] = (byte)text[i];
        }

        return true;
    }
}
