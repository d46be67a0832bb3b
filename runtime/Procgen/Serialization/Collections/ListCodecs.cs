using System.ComponentModel;
using System.Runtime.InteropServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Lists of elements that contain no references: one copy.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UnmanagedListCodec<T> : Codec<List<T>>
{
    /// <summary>The one of elements that generated code names no codec for.</summary>
    public static readonly UnmanagedListCodec<T> Instance = new(UnmanagedCodec<T>.Instance);

    private readonly int[] _flags;

    /// <summary>For elements that have a codec of their own.</summary>
    public UnmanagedListCodec(Codec<T> element) => _flags = Flags.Of(element);

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, List<T>? value)
    {
        if (value is null)
        {
            writer.WriteNullCollection();
            return;
        }

        if (value.GetType() != typeof(List<T>)) PayloadErrors.MoreDerived(value.GetType(), typeof(List<T>), union: false);
        writer.WriteBlock<T>(CollectionsMarshal.AsSpan(value));
    }

    /// <inheritdoc/>
    public override List<T> Read(ref PayloadReader reader)
    {
        if (!reader.TryReadBlockLength<T>(out int count)) return null!;
        List<T> items = new(count);
        CollectionsMarshal.SetCount(items, count);
        reader.ReadMemorySpan(CollectionsMarshal.AsSpan(items), _flags);
        return items;
    }
}

/// <summary>Lists of anything else.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ListCodec<T>(Codec<T> element) : Codec<List<T>>
{
    private readonly int _elementSize = element.MinimumSize;

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, List<T>? value)
    {
        if (value is null)
        {
            writer.WriteNullCollection();
            return;
        }

        if (value.GetType() != typeof(List<T>)) PayloadErrors.MoreDerived(value.GetType(), typeof(List<T>), union: false);
        Elements.Write(ref writer, element, CollectionsMarshal.AsSpan(value));
    }

    /// <inheritdoc/>
    public override List<T> Read(ref PayloadReader reader)
    {
        if (!reader.TryBeginCollection(_elementSize, out int count)) return null!;
        List<T> items = new(count);
        CollectionsMarshal.SetCount(items, count);
        Elements.Read(ref reader, element, _elementSize, CollectionsMarshal.AsSpan(items));
        return items;
    }
}
