using System.Runtime.ExceptionServices;
using Procgen.Pools;

namespace Procgen;

/// <summary>What became of one item of a map: its result, or what went wrong.</summary>
/// <typeparam name="TItem">The item's type.</typeparam>
/// <typeparam name="T">The result's type.</typeparam>
public readonly struct CallOutcome<TItem, T>
{
    private readonly T _value;

    internal CallOutcome(long index, TItem item, T value, Exception? exception)
    {
        Index = index;
        Item = item;
        _value = value;
        Exception = exception;
    }

    /// <summary>The item's place in the source, from 0.</summary>
    public long Index { get; }

    /// <summary>The item.</summary>
    public TItem Item { get; }

    /// <summary>Whether there is a <see cref="Value"/>.</summary>
    public bool IsSuccess => Exception is null;

    /// <summary>The result; throws the <see cref="Exception"/> of an item that failed.</summary>
    public T Value
    {
        get
        {
            if (Exception is not null) ExceptionDispatchInfo.Throw(Exception);
            return _value;
        }
    }

    /// <summary>Why the item failed; null where it did not.</summary>
    public Exception? Exception { get; }

    /// <summary>The item, and its result or what went wrong, in a line.</summary>
    public override string ToString() => OutcomeText.Of(Index, Item, Exception, $"{_value}");
}

/// <summary>What became of one item of a map without results.</summary>
/// <typeparam name="TItem">The item's type.</typeparam>
public readonly struct CallOutcome<TItem>
{
    internal CallOutcome(long index, TItem item, Exception? exception)
    {
        Index = index;
        Item = item;
        Exception = exception;
    }

    /// <summary>The item's place in the source, from 0.</summary>
    public long Index { get; }

    /// <summary>The item.</summary>
    public TItem Item { get; }

    /// <summary>Whether its call returned.</summary>
    public bool IsSuccess => Exception is null;

    /// <summary>Why the item failed; null where it did not.</summary>
    public Exception? Exception { get; }

    /// <summary>The item, and its result or what went wrong, in a line.</summary>
    public override string ToString() => OutcomeText.Of(Index, Item, Exception, "done");
}
