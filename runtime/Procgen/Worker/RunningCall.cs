using Procgen.Calls;
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
        Send(FrameKind.Result, new CallValue<T>(Id, codec, value), CallValue<T>.Write);
        HasResult = true;
    }

    /// <summary>Runs a call without an object for it, straight from its arguments to its result. The arguments' bytes are kept meanwhile.</summary>
    /// <remarks>Where the link has closed already nobody would hear of it, and it does not run.</remarks>
    public void RunAtOnce(CallRunner run, Invocation invocation, ReadOnlyMemory<byte> arguments)
    {
        Send(FrameKind.Result, new ImmediateCall(Id, run, invocation, arguments), static (ref PayloadWriter writer, ImmediateCall call) =>
        {
            writer.WriteMemory(call.Id);
            var reader = new PayloadReader(call.Arguments.Span);
            call.Run(ref reader, call.Invocation, ref writer);
        });
    }

    public void Dispose() => Cancellation.Dispose();

    private readonly record struct ImmediateCall(uint Id, CallRunner Run, Invocation Invocation, ReadOnlyMemory<byte> Arguments);
}
