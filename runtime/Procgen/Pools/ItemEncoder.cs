using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Serialization;
using Procgen.Shared;

namespace Procgen.Pools;

/// <summary>Encodes items one after another on the calling thread, outside all locks.</summary>
internal sealed class ItemEncoder : IDisposable
{
    [ThreadStatic]
    private static ItemEncoder? s_idle;

    private readonly PayloadBuffer _buffer = new();
    private int[] _ends = new int[64];

    public int Count { get; private set; }

    /// <summary>Bytes of the items so far.</summary>
    public int Length => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>The thread's own, unless it is in use: an argument's codec may call a pool.</summary>
    /// <param name="heap">Where long arguments go, which are released once; null for arguments that are kept.</param>
    public static ItemEncoder Rent(SegmentHeap? heap)
    {
        ItemEncoder encoder = s_idle ?? new ItemEncoder();
        s_idle = null;
        encoder._buffer.Heap = heap;
        return encoder;
    }

    /// <summary>Encodes a single item.</summary>
    public static EncodedItems Encode(IWorkItem item, HandleScope handles, SegmentHeap? heap = null)
    {
        using ItemEncoder encoder = Rent(heap);
        var writer = new PayloadWriter(encoder._buffer, handles);
        item.WriteArguments(ref writer);
        writer.Flush();
        return encoder.Detach(null);
    }

    /// <summary>What the items are appended with, up to its flush: one for all of them, as making one costs as much as a small item.</summary>
    public PayloadWriter BeginItems(HandleScope handles) => new(_buffer, handles);

    /// <summary>Appends an item. Where that throws, <see cref="Undo"/> follows.</summary>
    public void Append(ProcessCall call, ref PayloadWriter writer)
    {
        call.WriteArguments(ref writer);
        if (Count == _ends.Length) Array.Resize(ref _ends, 2 * Count);
        _ends[Count++] = _buffer.Length + writer.Pending;
        writer.NextValue();
    }

    /// <summary>Forgets what an item that could not be encoded has left; the earlier ones stay. Nothing more is appended.</summary>
    public void Undo(ref PayloadWriter writer)
    {
        writer.Flush();
        _buffer.Truncate(Length);
    }

    /// <summary>The items that were appended.</summary>
    public EncodedItems ToItems() => Detach(Count == 1 ? null : _ends[..Count]);

    public void Dispose()
    {
        _buffer.Clear();
        Count = 0;
        s_idle = this;
    }

    private EncodedItems Detach(int[]? ends)
    {
        int length = _buffer.Length;
        if (_buffer.Detach() is { } segment) return new EncodedItems([], segment, length, ends);
        byte[] items = GC.AllocateUninitializedArray<byte>(length);
        _buffer.Written.CopyTo(items);
        return new EncodedItems(items, null, length, ends);
    }
}
