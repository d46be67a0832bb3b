using System.ComponentModel;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Arrays of elements that contain no references: one copy.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UnmanagedArrayCodec<T> : Codec<T[]>
{
    /// <summary>The one of elements that generated code names no codec for.</summary>
    public static readonly UnmanagedArrayCodec<T> Instance = new(UnmanagedCodec<T>.Instance);

    private readonly int[] _flags;

    /// <summary>For elements that have a codec of their own.</summary>
    public UnmanagedArrayCodec(Codec<T> element) => _flags = Flags.Of(element);

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T[]? value)
    {
        if (value is null)
        {
            writer.WriteNullCollection();
            return;
        }

        writer.WriteBlock<T>(value);
    }

    /// <inheritdoc/>
    public override T[] Read(ref PayloadReader reader)
    {
        if (!reader.TryReadBlockLength<T>(out int count)) return null!;
        if (count == 0) return [];
        T[] items = GC.AllocateUninitializedArray<T>(count);
        reader.ReadMemorySpan<T>(items, _flags);
        return items;
    }
}

/// <summary>Arrays of anything else.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ArrayCodec<T>(Codec<T> element) : Codec<T[]>
{
    private readonly int _elementSize = element.MinimumSize;

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T[]? value)
    {
        if (value is null) writer.WriteNullCollection();
        else Elements.Write(ref writer, element, value);
    }

    /// <inheritdoc/>
    public override T[] Read(ref PayloadReader reader)
    {
        if (!reader.TryBeginCollection(_elementSize, out int count)) return null!;
        if (count == 0) return [];
        T[] items = new T[count];
        Elements.Read(ref reader, element, _elementSize, items);
        return items;
    }
}
