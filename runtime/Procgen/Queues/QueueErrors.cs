namespace Procgen.Queues;

/// <summary>What a queue refuses, wherever its items live: its words in one place.</summary>
internal static class QueueErrors
{
    public static InvalidOperationException AddingCompleted() => new("The queue takes no more items: CompleteAdding was called.");
}
