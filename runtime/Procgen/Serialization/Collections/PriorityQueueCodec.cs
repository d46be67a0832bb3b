using System.ComponentModel;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Priority queues: elements and priorities as tuples, in no promised order.</summary>
/// <param name="item">Writes an element with its priority.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PriorityQueueCodec<TElement, TPriority>(Codec<(TElement Element, TPriority Priority)> item)
    : Codec<PriorityQueue<TElement, TPriority>>
{
    private readonly BlockCodec<(TElement Element, TPriority Priority)> _items = new(item);

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, PriorityQueue<TElement, TPriority>? value)
    {
        if (value is null)
        {
            writer.WriteNullCollection();
            return;
        }

        Type type = value.GetType();
        if (type != typeof(PriorityQueue<TElement, TPriority>)) PayloadErrors.MoreDerived(type, typeof(PriorityQueue<TElement, TPriority>), union: false);
        _items.Write(ref writer, value.UnorderedItems.ToArray());
    }

    /// <inheritdoc/>
    public override PriorityQueue<TElement, TPriority> Read(ref PayloadReader reader)
    {
        if (_items.Read(ref reader) is not { } items) return null!;
        try
        {
            return new PriorityQueue<TElement, TPriority>(items);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Priorities that do not compare.
            PayloadErrors.Invalid(typeof(PriorityQueue<TElement, TPriority>), error);
            throw;
        }
    }
}
