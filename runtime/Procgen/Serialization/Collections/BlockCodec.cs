using System.Buffers;
using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>A span of elements: one copy where they are their memory, else one by one.</summary>
internal readonly struct BlockCodec<T>(Codec<T> element)
{
    private readonly Codec<T> _element = element;
    private readonly int _elementSize = element.MinimumSize;
    private readonly bool _isMemory = element is IMemoryCodec { IsMemory: true };
    private readonly int[] _flags = Flags.Of(element);

    public void Write(ref PayloadWriter writer, ReadOnlySpan<T> items)
    {
        if (_isMemory) writer.WriteBlock(items);
        else Elements.Write(ref writer, _element, items);
    }

    public void Write(ref PayloadWriter writer, in ReadOnlySequence<T> items)
    {
        if (items.Length > int.MaxValue) PayloadErrors.TooLong(items.Length);
        if (!_isMemory)
        {
            Elements.Write<T>(ref writer, _element, items.ToArray());
            return;
        }

        writer.WriteMemory((int)items.Length);
        foreach (ReadOnlyMemory<T> segment in items) writer.WriteMemorySpan(segment.Span);
    }

    public T[]? Read(ref PayloadReader reader)
    {
        int count;
        if (!(_isMemory ? reader.TryReadBlockLength<T>(out count) : reader.TryBeginCollection(_elementSize, out count))) return null;
        if (count == 0) return [];
        T[] items = new T[count];
        ReadInto(ref reader, items);
        return items;
    }

    public void ReadInto(ref PayloadReader reader, Span<T> items)
    {
        if (_isMemory) reader.ReadMemorySpan(items, _flags);
        else Elements.Read(ref reader, _element, _elementSize, items);
    }
}
