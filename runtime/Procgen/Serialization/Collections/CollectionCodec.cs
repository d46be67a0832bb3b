using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Makes a collection of its elements, in the order in which they were written.</summary>
/// <remarks>The span is only valid during the call. What this throws becomes a <see cref="ProcessSerializationException"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate TCollection CollectionBuilder<out TCollection, T>(ReadOnlySpan<T> items);

/// <summary>Any collection that can be enumerated, and made from a span of its elements.</summary>
/// <remarks>Enumerated once. One that can change meanwhile, or that cannot tell its length, is copied first.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CollectionCodec<TCollection, T> : Codec<TCollection>
    where TCollection : IEnumerable<T>
{
    private readonly Codec<T> _element;
    private readonly int _elementSize;
    private readonly CollectionKind _kind;
    private readonly CollectionBuilder<TCollection, T> _build;

    /// <summary>Called by generated code for collections of the user's own.</summary>
    public CollectionCodec(Codec<T> element, CollectionBuilder<TCollection, T> build)
        : this(element, CollectionKind.Own, build)
    {
    }

    internal CollectionCodec(Codec<T> element, CollectionKind kind, CollectionBuilder<TCollection, T> build)
    {
        _element = element;
        _elementSize = element.MinimumSize;
        _kind = kind;
        _build = build;
    }

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, TCollection? value)
    {
        if (value is null)
        {
            writer.WriteNullCollection();
            return;
        }

        if (_kind is not (CollectionKind.Open or CollectionKind.OpenLastInFirstOut) && value.GetType() != typeof(TCollection))
            PayloadErrors.MoreDerived(value.GetType(), typeof(TCollection), union: false);
        if (_kind == CollectionKind.Own) writer.Deepen();
        if (_kind is CollectionKind.Shared or CollectionKind.LastInFirstOut or CollectionKind.OpenLastInFirstOut) WriteCopy(ref writer, value);
        else if (value is T[] array) Elements.Write<T>(ref writer, _element, array);
        else if (value is List<T> list) Elements.Write<T>(ref writer, _element, CollectionsMarshal.AsSpan(list));
        else if (!value.TryGetNonEnumeratedCount(out int count)) WriteCopy(ref writer, value);
        else WriteCounted(ref writer, value, count);
        if (_kind == CollectionKind.Own) writer.EndObject();
    }

    /// <inheritdoc/>
    public override TCollection Read(ref PayloadReader reader)
    {
        if (!reader.TryBeginCollection(_elementSize, out int count)) return default!;
        if (_kind == CollectionKind.Own) reader.Deepen();
        T[] items = count == 0 ? [] : ArrayPool<T>.Shared.Rent(count);
        Span<T> filled = items.AsSpan(0, count);
        try
        {
            Elements.Read(ref reader, _element, _elementSize, filled);
            if (_kind == CollectionKind.Own) reader.EndObject();
            return _build(filled);
        }
        catch (Exception error) when (error is not ProcgenException and not OutOfMemoryException)
        {
            PayloadErrors.Invalid(typeof(TCollection), error);
            throw;
        }
        finally
        {
            if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) filled.Clear();
            if (count > 0) ArrayPool<T>.Shared.Return(items);
        }
    }

    private void WriteCounted(ref PayloadWriter writer, TCollection value, int count)
    {
        writer.WriteMemory(count);
        int index = 0;
        try
        {
            foreach (T item in value)
            {
                if (index == count) PayloadErrors.Changed();
                _element.Write(ref writer, item);
                index++;
            }
        }
        catch (ProcessSerializationException error) when (MemberPath.Note(error, index))
        {
            throw;
        }

        if (index != count) PayloadErrors.Changed();
    }

    private void WriteCopy(ref PayloadWriter writer, TCollection value)
    {
        T[] items = [.. value];
        if (_kind is CollectionKind.LastInFirstOut or CollectionKind.OpenLastInFirstOut) Array.Reverse(items);
        Elements.Write<T>(ref writer, _element, items);
    }
}
