using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text;

namespace Procgen.CompilerServices;

/// <summary>Writes MemoryPack's binary format straight into a buffer writer. A ref struct: one value, one thread.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct PayloadWriter
{
    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _used;

    internal PayloadWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _span = output.GetSpan();
    }

    /// <summary>Writes the memory of a value that contains no references.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUnmanaged<T>(T value)
        where T : unmanaged
    {
        if (_span.Length - _used < Unsafe.SizeOf<T>()) Grow(Unsafe.SizeOf<T>());
        Unsafe.WriteUnaligned(ref _span[_used], value);
        _used += Unsafe.SizeOf<T>();
    }

    /// <summary>Writes a string as UTF-8 with both lengths; null and the empty string have forms of their own.</summary>
    public void WriteString(string? value)
    {
        if (value is null or "")
        {
            WriteUnmanaged(value is null ? -1 : 0);
            return;
        }

        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_span.Length - _used < 8 + most) Grow(8 + most);
        int bytes = Encoding.UTF8.GetBytes(value, _span[(_used + 8)..]);
        WriteUnmanaged(~bytes);
        WriteUnmanaged(value.Length);
        _used += bytes;
    }

    /// <summary>Writes a handle: a queue, a lock, a call.</summary>
    public void WriteHandle<T>(T? value)
        where T : class, IProcessHandle<T>
    {
        WriteUnmanaged(value is not null);
        value?.WriteHandle(ref this);
    }

    /// <summary>Hands everything written so far to the buffer writer.</summary>
    public void Flush()
    {
        _output.Advance(_used);
        _span = default;
        _used = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int needed)
    {
        _output.Advance(_used);
        _span = _output.GetSpan(needed);
        _used = 0;
    }
}
