using System.Text;

namespace Procgen.Launching;

/// <summary>Cuts a stream of bytes into lines of UTF-8; a line ends with LF or CR LF, the last one also with the stream.</summary>
internal sealed class LineSplitter(LineSplitter.Receiver lineReceived)
{
    /// <summary>A line of more bytes is delivered in pieces, so that output without line ends takes no more memory than this.</summary>
    public const int MaxLineBytes = 1 << 20;

    public delegate void Receiver(ReadOnlySpan<byte> line);

    private byte[] _pending = [];
    private int _count;

    public static string Decode(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith("\r"u8)) line = line[..^1];
        return Encoding.UTF8.GetString(line);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end < 0) break;
            if (_count == 0)
            {
                lineReceived(bytes[..end]);
            }
            else
            {
                Keep(bytes[..end]);
                Flush();
            }

            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    /// <summary>The stream has ended: what is left is the last line.</summary>
    public void End()
    {
        if (_count > 0) Flush();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        while (_count + bytes.Length >= MaxLineBytes)
        {
            int piece = MaxLineBytes - _count;
            Store(bytes[..piece]);
            bytes = bytes[piece..];
            Flush();
        }

        Store(bytes);
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        if (_count + bytes.Length > _pending.Length) Array.Resize(ref _pending, Math.Max(_count + bytes.Length, Math.Min(MaxLineBytes, 2 * _pending.Length)));
        bytes.CopyTo(_pending.AsSpan(_count));
        _count += bytes.Length;
    }

    private void Flush()
    {
        lineReceived(_pending.AsSpan(0, _count));
        _count = 0;
    }
}
