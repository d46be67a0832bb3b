using System.IO.Pipes;
using System.Runtime.Versioning;
using Procgen.Interop;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>A launch pipe on Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsLaunchPipe(WorkerTicket ticket) : LaunchPipe(ticket)
{
    private const int BufferSize = 64 * 1024;
    private readonly object _gate = new();
    private readonly string _name = ticket.PipePath;
    private WindowsPipe? _pipe = Listen(ticket.PipePath);
    private bool _isDisposed;

    public override ByteChannel? Accept()
    {
        while (true)
        {
            WindowsPipe? pipe;
            lock (_gate) pipe = _pipe;
            if (pipe is null) return null;
            var channel = new PipeChannel(pipe);
            if (pipe.TryAccept() && IsChild(channel)) return TryTake() ? channel : null;

            // The next instance is made before this one goes, so that the child never finds nobody listening.
            lock (_gate)
            {
                if (_isDisposed) return null;
                _pipe = Listen(_name);
            }

            pipe.Dispose();
        }
    }

    public override void Dispose()
    {
        WindowsPipe? pipe;
        lock (_gate)
        {
            _isDisposed = true;
            pipe = _pipe;
            _pipe = null;
        }

        pipe?.Dispose();
    }

    private bool TryTake()
    {
        lock (_gate)
        {
            if (_isDisposed) return false;
            _pipe = null;
            return true;
        }
    }

    private static WindowsPipe Listen(string name) => new(new NamedPipeServerStream(
        name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
        PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous, BufferSize, BufferSize));
}
