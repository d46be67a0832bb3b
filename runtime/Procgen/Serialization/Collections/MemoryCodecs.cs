using System.Buffers;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>The wrappers of arrays, over the codec of the array: the same bytes, read into an array of their own.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MemoryCodecs
{
    /// <summary>Memory; a default one is empty.</summary>
    public static Codec<Memory<T>> Memory<T>(Codec<T> element) => new MemoryCodec<T>(element);

    /// <summary>Memory that is read only; a default one is empty.</summary>
    public static Codec<ReadOnlyMemory<T>> ReadOnlyMemory<T>(Codec<T> element) => new ReadOnlyMemoryCodec<T>(element);

    /// <summary>A part of an array, without the rest; a default one is empty.</summary>
    public static Codec<ArraySegment<T>> ArraySegment<T>(Codec<T> element) => new ArraySegmentCodec<T>(element);

    /// <summary>An array that never changes; a default one stays that.</summary>
    public static Codec<ImmutableArray<T>> ImmutableArray<T>(Codec<T> element) => new ImmutableArrayCodec<T>(element);

    /// <summary>A sequence of memory, read as one segment.</summary>
    public static Codec<ReadOnlySequence<T>> ReadOnlySequence<T>(Codec<T> element) => new ReadOnlySequenceCodec<T>(element);

    private sealed class MemoryCodec<T>(Codec<T> element) : Codec<Memory<T>>
    {
        private readonly BlockCodec<T> _block = new(element);

        public override int MinimumSize => sizeof(int);

        public override void Write(ref PayloadWriter writer, Memory<T> value) => _block.Write(ref writer, value.Span);

        public override Memory<T> Read(ref PayloadReader reader) => _block.Read(ref reader);
    }

    private sealed class ReadOnlyMemoryCodec<T>(Codec<T> element) : Codec<ReadOnlyMemory<T>>
    {
        private readonly BlockCodec<T> _block = new(element);

        public override int MinimumSize => sizeof(int);

        public override void Write(ref PayloadWriter writer, ReadOnlyMemory<T> value) => _block.Write(ref writer, value.Span);

        public override ReadOnlyMemory<T> Read(ref PayloadReader reader) => _block.Read(ref reader);
    }

    private sealed class ArraySegmentCodec<T>(Codec<T> element) : Codec<ArraySegment<T>>
    {
        private readonly BlockCodec<T> _block = new(element);

        public override int MinimumSize => sizeof(int);

        public override void Write(ref PayloadWriter writer, ArraySegment<T> value) => _block.Write(ref writer, value.AsSpan());

        public override ArraySegment<T> Read(ref PayloadReader reader) =>
            _block.Read(ref reader) is { } items ? new ArraySegment<T>(items) : default;
    }

    private sealed class ImmutableArrayCodec<T>(Codec<T> element) : Codec<ImmutableArray<T>>
    {
        private readonly BlockCodec<T> _block = new(element);

        public override int MinimumSize => sizeof(int);

        public override void Write(ref PayloadWriter writer, ImmutableArray<T> value)
        {
            if (value.IsDefault) writer.WriteNullCollection();
            else _block.Write(ref writer, value.AsSpan());
        }

        public override ImmutableArray<T> Read(ref PayloadReader reader) => ImmutableCollectionsMarshal.AsImmutableArray(_block.Read(ref reader));
    }

    private sealed class ReadOnlySequenceCodec<T>(Codec<T> element) : Codec<ReadOnlySequence<T>>
    {
        private readonly BlockCodec<T> _block = new(element);

        public override int MinimumSize => sizeof(int);

        public override void Write(ref PayloadWriter writer, ReadOnlySequence<T> value)
        {
            if (value.IsSingleSegment) _block.Write(ref writer, value.FirstSpan);
            else _block.Write(ref writer, value);
        }

        public override ReadOnlySequence<T> Read(ref PayloadReader reader) =>
            _block.Read(ref reader) is { Length: > 0 } items ? new ReadOnlySequence<T>(items) : default;
    }
}
