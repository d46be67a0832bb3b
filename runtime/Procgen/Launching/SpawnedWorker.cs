using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>A new process of the same executable, that connects to a pipe of its own.</summary>
internal sealed class SpawnedWorker : LaunchedWorker
{
    private readonly object _gate = new();
    private readonly WorkerTicket _ticket;
    private LaunchPipe? _pipe;
    private bool _isGivenUp;

    private SpawnedWorker(NativeProcess process, WorkerTicket ticket, LaunchPipe? pipe)
        : base(process)
    {
        _ticket = ticket;
        _pipe = pipe;
    }

    public override StartMethod StartMethod => StartMethod.Spawn;

    /// <summary>Starts what <paramref name="request"/> describes; its environment carries <paramref name="ticket"/>.</summary>
    public static SpawnedWorker Start(WorkerTicket ticket, LaunchRequest request)
    {
        // On Unix the child is started first and waits for the pipe's file: so a parent killed at any instant leaves a
        // child behind that removes the file. Windows has no file to leave.
        LaunchPipe? pipe = OperatingSystem.IsWindows() ? LaunchPipe.Listen(ticket) : null;
        try
        {
            return new SpawnedWorker(NativeProcess.Start(request), ticket, pipe);
        }
        catch
        {
            pipe?.Dispose();
            throw;
        }
    }

    public override ByteChannel? Connect()
    {
        LaunchPipe pipe;
        lock (_gate)
        {
            if (_isGivenUp) return null;
            pipe = _pipe ??= LaunchPipe.Listen(_ticket);
        }

        Process.OnEnd(pipe.Dispose); // or this would wait for ever for a child that dies before it connects
        return pipe.Accept();
    }

    public override void GiveUp()
    {
        lock (_gate)
        {
            _isGivenUp = true;
            _pipe?.Dispose();
        }
    }
}
