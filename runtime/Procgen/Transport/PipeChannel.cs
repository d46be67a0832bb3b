using System.Runtime.Versioning;
using Procgen.Interop;

namespace Procgen.Transport;

/// <summary>A named pipe as a channel: both ends of a launch pipe on Windows. What is sent without waiting is left to a <see cref="LateWriter"/> there.</summary>
[SupportedOSPlatform("windows")]
internal sealed class PipeChannel(WindowsPipe pipe) : ByteChannel
{
    public override int Read(Span<byte> destination) => pipe.Read(destination);

    public override void Write(ReadOnlySpan<byte> bytes) => pipe.Write(bytes);

    public override void Dispose() => pipe.Dispose();
}
