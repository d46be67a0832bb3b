using System.Buffers;
using System.Runtime.CompilerServices;

namespace Procgen.Shared;

/// <summary>A piece of shared memory as <see cref="Memory{T}"/>: pinning costs nothing, since it never moves.</summary>
/// <param name="part">The handle's memory; its disposal ends access.</param>
/// <param name="offset">Where the elements begin.</param>
/// <param name="length">How many elements.</param>
internal sealed unsafe class BlockMemoryManager<T>(SharedPart part, long offset, int length) : MemoryManager<T>
    where T : unmanaged
{
    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(part.IsDisposed, this);
        return new Span<T>(Unsafe.AsPointer(ref part.At<T>(offset)), length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length, nameof(elementIndex));
        ObjectDisposedException.ThrowIf(part.IsDisposed, this);
        return new MemoryHandle(Unsafe.AsPointer(ref Unsafe.Add(ref part.At<T>(offset), elementIndex)), default, this);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
