namespace Procgen.Queues;

/// <summary>What became of an attempt to take an item.</summary>
internal enum TakeOutcome
{
    Done,

    /// <summary>There is no item now.</summary>
    Empty,

    /// <summary>There is no item, none is leased, and none will come.</summary>
    Completed,

    /// <summary>The next item is of another kind; it stays.</summary>
    WrongKind,

    /// <summary>The next item is longer than asked for; it stays.</summary>
    TooLong,
}

/// <summary>What a consumer will take. The rest stays.</summary>
/// <param name="Kind">The kind of item.</param>
/// <param name="MaxLength">The length in bytes.</param>
/// <param name="Lease">Lease it rather than take it.</param>
internal readonly record struct TakeRequest(ItemKind Kind = ItemKind.Message, int MaxLength = int.MaxValue, bool Lease = false);

/// <summary>An item that left the log: its bytes are in the consumer's buffer, or in a run that is the consumer's now.</summary>
/// <param name="Length">The item's length in bytes; set also when it was too long.</param>
/// <param name="Run">The first page of a large item's run; 0 for a small item.</param>
/// <param name="Lease">The lease's record plus one; 0 when the item was taken for good.</param>
internal readonly record struct TakenItem(int Length, uint Run, int Lease);
