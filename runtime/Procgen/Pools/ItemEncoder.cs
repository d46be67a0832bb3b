using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Serialization;

namespace Procgen.Pools;

/// <summary>Encodes items one after another on the calling thread, outside all locks.</summary>
internal sealed class ItemEncoder : IDisposable
{
    [ThreadStatic]
    private static ItemEncoder? s_idle;

    private static readonly FrameBody<IWorkItem> WriteArguments = static (ref PayloadWriter writer, IWorkItem item) => item.WriteArguments(ref writer);

    private readonly FrameBuffer _buffer = new();

    public int Count { get; private set; }

    public int Length => _buffer.Length;

    /// <summary>The thread's own, unless it is in use: an argument's codec may call a pool.</summary>
    public static ItemEncoder Rent()
    {
        ItemEncoder encoder = s_idle ?? new ItemEncoder();
        s_idle = null;
        return encoder;
    }

    /// <summary>Appends one item; where that throws, the earlier ones stay.</summary>
    public void Append(IWorkItem item, HandleScope handles)
    {
        _buffer.AppendSized(item, WriteArguments, handles);
        Count++;
    }

    /// <summary>Gives the items so far to <paramref name="work"/> and begins anew.</summary>
    public void MoveTo(PoolWork work)
    {
        byte[] items = ToArray();
        work.SetItems(items, items.Length, Count);
        Clear();
    }

    public byte[] ToArray()
    {
        byte[] items = GC.AllocateUninitializedArray<byte>(_buffer.Length);
        _buffer.Written.CopyTo(items);
        return items;
    }

    public void Dispose()
    {
        Clear();
        s_idle = this;
    }

    private void Clear()
    {
        _buffer.Clear();
        Count = 0;
    }
}
