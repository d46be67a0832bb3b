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
        using ItemEncoder encoder = ItemEncoder.Rent();
        encoder.Append(call, _handles);
        Items = encoder.ToArray();
    }

    public ProcessCall Call { get; }

    public byte[] Items { get; }
}
