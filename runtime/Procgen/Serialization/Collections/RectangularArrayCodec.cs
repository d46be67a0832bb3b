using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Makes an array with more than one dimension; generated, because only a literal rank needs no reflection.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate TArray RectangularArrayFactory<out TArray>(ReadOnlySpan<int> lengths);

/// <summary>Arrays with more than one dimension: their lengths, how many elements that makes, and the elements in row order.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RectangularArrayCodec<TArray, T>(int rank, Codec<T> element, RectangularArrayFactory<TArray> create) : Codec<TArray>
    where TArray : class
{
    private readonly BlockCodec<T> _block = new(element);
    private readonly int _elementSize = element.MinimumSize;
    private readonly bool _isMemory = element is IMemoryCodec { IsMemory: true };

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, TArray? value)
    {
        if (value is null)
        {
            writer.WriteNullObject();
            return;
        }

        Array array = (Array)(object)value;
        CheckBounds(array);
        writer.WriteMemory((byte)(rank + 1));
        for (int i = 0; i < rank; i++) writer.WriteMemory(array.GetLength(i));
        _block.Write(ref writer, Items(array));
    }

    /// <inheritdoc/>
    public override TArray Read(ref PayloadReader reader)
    {
        byte count = reader.ReadMemory<byte>();
        if (count == PayloadFormat.Null) return null!;
        if (count != rank + 1) PayloadErrors.MemberCount(count, rank + 1, typeof(TArray).Name);
        Span<int> lengths = stackalloc int[rank];
        Int128 product = 1;
        for (int i = 0; i < rank; i++)
        {
            lengths[i] = reader.ReadMemory<int>();
            if (lengths[i] < 0) PayloadErrors.Length(lengths[i]);
            // Bounded, so that a rank of 32 cannot overflow it: beyond this no total is equal anyway.
            product = Int128.Min(product * lengths[i], long.MaxValue);
        }

        int total;
        bool present = _isMemory ? reader.TryReadBlockLength<T>(out total) : reader.TryBeginCollection(_elementSize, out total);
        if (!present || total != product) PayloadErrors.Length(total);
        TArray array = Create(lengths);
        _block.ReadInto(ref reader, Items((Array)(object)array));
        return array;
    }

    /// <summary>The lengths alone cross: from another index on, each element would arrive at another place.</summary>
    private void CheckBounds(Array array)
    {
        for (int i = 0; i < rank; i++)
        {
            if (array.GetLowerBound(i) != 0)
                throw new ProcessSerializationException($"an array whose indexes start at {array.GetLowerBound(i)} in dimension {i} would arrive with indexes from 0; copy it to one that starts there");
        }
    }

    private TArray Create(ReadOnlySpan<int> lengths)
    {
        try
        {
            return create(lengths);
        }
        catch (Exception error) when (error is OverflowException or OutOfMemoryException)
        {
            // No elements, but dimensions that no array can have.
            PayloadErrors.Invalid(typeof(TArray), error);
            throw;
        }
    }

    private static Span<T> Items(Array array) => array.Length == 0
        ? []
        : MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
