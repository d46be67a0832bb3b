namespace Procgen.Serialization;

/// <summary>
/// The handles that were opened by reading an item on trust: their senders are told when it does not go back any more. Until
/// then, whatever becomes of this process, they keep what the handles lead to as if nobody had read them.
/// </summary>
/// <remarks>Filled by one thread while it decodes, then confirmed or disposed by any, once.</remarks>
internal sealed class HandleReceipt : IDisposable
{
    private List<Arrival>? _arrivals;

    /// <summary>Called by a handle that reads itself.</summary>
    /// <param name="confirm">Tells the sender that it was opened.</param>
    /// <param name="dispose">Lets go of what that takes; called in any case, last.</param>
    public void Add(Action confirm, Action dispose) => (_arrivals ??= []).Add(new Arrival(confirm, dispose));

    /// <summary>The item is this process's for good.</summary>
    public void Confirm()
    {
        _arrivals?.ForEach(static arrival => arrival.Confirm());
        Dispose();
    }

    /// <summary>The item is back where it was, its handles as if they had not been opened.</summary>
    public void Dispose()
    {
        List<Arrival>? arrivals = Interlocked.Exchange(ref _arrivals, null);
        arrivals?.ForEach(static arrival => arrival.Dispose());
    }

    private sealed record Arrival(Action Confirm, Action Dispose);
}
