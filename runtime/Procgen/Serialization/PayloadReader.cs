using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Procgen.CompilerServices;

/// <summary>Reads MemoryPack's binary format from a span. Every length is checked against what is there first.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct PayloadReader
{
    private ReadOnlySpan<byte> _rest;

    internal PayloadReader(ReadOnlySpan<byte> payload) => _rest = payload;

    /// <summary>How many bytes have not been read.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads the memory of a value that contains no references.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ReadUnmanaged<T>()
        where T : unmanaged
    {
        if (_rest.Length < Unsafe.SizeOf<T>()) throw Truncated();
        T value = Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(_rest));
        _rest = _rest[Unsafe.SizeOf<T>()..];
        return value;
    }

    /// <summary>Reads a string in either of its two forms.</summary>
    public string? ReadString()
    {
        int header = ReadUnmanaged<int>();
        if (header == -1) return null;
        if (header == 0) return "";
        if (header > 0)
        {
            if (header > _rest.Length / 2) throw Truncated();
            string utf16 = new(MemoryMarshal.Cast<byte, char>(_rest[..(header * 2)]));
            _rest = _rest[(header * 2)..];
            return utf16;
        }

        int bytes = ~header;
        _ = ReadUnmanaged<int>();
        if (bytes > _rest.Length) throw Truncated();
        string value = Encoding.UTF8.GetString(_rest[..bytes]);
        _rest = _rest[bytes..];
        return value;
    }

    /// <summary>Reads a handle: a queue, a lock, a call.</summary>
    public T? ReadHandle<T>()
        where T : class, IProcessHandle<T> =>
        ReadUnmanaged<bool>() ? T.ReadHandle(ref this) : null;

    private static ProcessSerializationException Truncated() => new("the payload ends too early");
}
