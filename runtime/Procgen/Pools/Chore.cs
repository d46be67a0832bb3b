using Procgen.Serialization;

namespace Procgen.Pools;

/// <summary>A call that runs on many workers, encoded once: its arguments may change afterwards.</summary>
internal sealed class Chore
{
    // Not disposed: workers may start as long as the pool lives.
    private readonly HandleScope _handles = new();

    public Chore(ProcessCall call)
    {
        Call = call;
        Items = ItemEncoder.Encode(call, _handles);
    }

    public ProcessCall Call { get; }

    public EncodedItems Items { get; }
}
