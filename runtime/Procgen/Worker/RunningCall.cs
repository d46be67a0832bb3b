using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>The one call of a worker, from its frame to its result.</summary>
internal sealed class RunningCall(Link link, SentHandles sent) : TargetOutput(link, sent), IDisposable
{
    public CancellationToken CancellationToken => Cancellation.Token;

    public override void Result<T>(Codec<T> codec, T value)
    {
        Send(FrameKind.Result, (Id, codec, value), static (ref PayloadWriter writer, (uint Id, Codec<T> Codec, T Value) result) =>
        {
            writer.WriteMemory(result.Id);
            result.Codec.Write(ref writer, result.Value);
        });
        HasResult = true;
    }

    public void Dispose() => Cancellation.Dispose();
}
