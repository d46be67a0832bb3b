using System.Collections;
using System.ComponentModel;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>A key and what belongs to it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GroupingCodec<TKey, TElement>(Codec<TKey> key, Codec<TElement> element) : Codec<IGrouping<TKey, TElement>>
{
    private readonly Codec<IEnumerable<TElement>> _elements = CollectionCodecs.IEnumerable(element);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, IGrouping<TKey, TElement>? value)
    {
        if (value is null)
        {
            writer.WriteNullObject();
            return;
        }

        writer.BeginObject(2);
        key.Write(ref writer, value.Key);
        _elements.Write(ref writer, value);
        writer.EndObject();
    }

    /// <inheritdoc/>
    public override IGrouping<TKey, TElement> Read(ref PayloadReader reader)
    {
        if (!reader.TryBeginObject(out int count, 2, nameof(IGrouping<TKey, TElement>))) return null!;
        TKey group = count > 0 ? key.Read(ref reader) : default!;
        IEnumerable<TElement>? elements = count > 1 ? _elements.Read(ref reader) : null;
        reader.EndObject();
        return new Grouping(group, elements ?? []);
    }

    private sealed class Grouping(TKey key, IEnumerable<TElement> elements) : IGrouping<TKey, TElement>
    {
        public TKey Key => key;

        public IEnumerator<TElement> GetEnumerator() => elements.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>Look-ups: their groups.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LookupCodec<TKey, TElement>(Codec<TKey> key, Codec<TElement> element) : Codec<ILookup<TKey, TElement>>
{
    private readonly Codec<IEnumerable<IGrouping<TKey, TElement>>> _groups =
        CollectionCodecs.IEnumerable(new GroupingCodec<TKey, TElement>(key, element));

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, ILookup<TKey, TElement>? value) => _groups.Write(ref writer, value!);

    /// <inheritdoc/>
    public override ILookup<TKey, TElement> Read(ref PayloadReader reader)
    {
        IEnumerable<IGrouping<TKey, TElement>>? groups = _groups.Read(ref reader);
        if (groups is null) return null!;
        try
        {
            return groups
                .SelectMany(static group => group ?? throw new ProcessSerializationException("a look-up's group is null"), static (group, item) => (group.Key, item))
                .ToLookup(static pair => pair.Key, static pair => pair.item);
        }
        catch (Exception error) when (error is not ProcgenException and not OutOfMemoryException)
        {
            PayloadErrors.Invalid(typeof(ILookup<TKey, TElement>), error);
            throw;
        }
    }
}
