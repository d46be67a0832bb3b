using Procgen.Serialization;

namespace Procgen.Pools;

/// <summary>A call that runs on many workers, encoded once: its arguments may change afterwards.</summary>
internal sealed class Chore : IDisposable
{
    private readonly HandleScope _handles = new();

    public Chore(ProcessCall call)
    {
        Call = call;
        try
        {
            Items = ItemEncoder.Encode(call, _handles);
        }
        catch
        {
            _handles.Withdraw();
            throw;
        }
    }

    public ProcessCall Call { get; }

    public EncodedItems Items { get; }

    /// <summary>Its first round over the workers; those that begin meanwhile join it. Under the pool's lock.</summary>
    public ChoreRound? Round { get; set; }

    /// <summary>No worker runs it any more.</summary>
    public void Dispose() => _handles.Dispose();
}
