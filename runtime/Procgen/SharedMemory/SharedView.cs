using System.Runtime.CompilerServices;

namespace Procgen.Shared;

/// <summary>A range of a block beyond its first one, in this process's memory.</summary>
/// <remarks>As with the block itself, accessors check nothing and addresses stay harmless for a while after disposal.</remarks>
internal sealed unsafe class SharedView : IDisposable
{
    private readonly MappedRange _range;
    private int _disposed;

    internal SharedView(SharedBlock block, MappedRange range, long offset)
    {
        Block = block;
        _range = range;
        Offset = offset;
    }

    public SharedBlock Block { get; }

    /// <summary>Where the range begins in the block's file.</summary>
    public long Offset { get; }

    public long Length => _range.Length;

    /// <summary>A value at an offset from the range's beginning. The caller has checked it, and <typeparamref name="T"/> holds no references.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At<T>(long offset) => ref Unsafe.AsRef<T>(_range.Address + offset);

    public byte* AddressOf(long offset) => _range.Address + offset;

    public Span<byte> GetSpan(long offset, int length) => new(_range.Address + offset, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) RetiredMappings.Add(_range);
    }
}
