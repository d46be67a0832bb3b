using System.Diagnostics;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Interop;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>A process that has booted and connected and waits to be told who it is.</summary>
internal sealed class StandbyWorker : LaunchedWorker
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(30);

    /// <summary>What the runtime, the C library and this one look at when a process starts: too late for one that has started.</summary>
    private static readonly string[] BootVariables =
        ["DOTNET_", "COMPlus_", "CORECLR_", "LD_", "DYLD_", "LANG", "LC_", "GLIBC_", "MALLOC_", "TMPDIR", WorkerEnvironment.WaitForDebuggerVariable];

    /// <summary>Whether one has ended before it connected: the system may forbid what only the reserve does.</summary>
    private static bool _hasFailed;

    private readonly ByteChannel _channel;
    private readonly Dictionary<string, string> _environment;
    private readonly string _directory;
    private readonly bool _isDebugged;
    private List<string?>? _changes;
    private string? _newDirectory;

    private StandbyWorker(NativeProcess process, ByteChannel channel, Dictionary<string, string> environment, string directory, bool isDebugged)
        : base(process)
    {
        _isDebugged = isDebugged;
        _channel = channel;
        _environment = environment;
        _directory = directory;
    }

    public override StartMethod StartMethod => StartMethod.Standby;

    public override bool IsConnected => true;

    /// <summary>Starts one and waits until it is ready; null where it did not come up.</summary>
    public static StandbyWorker? Boot()
    {
        WorkerTicket ticket = LaunchPipe.NewTicket(isStandby: true);
        HostCommand command = HostCommand.Resolve(null);
        Dictionary<string, string> environment = EnvironmentBlock.Apply([]);
        string directory = Environment.CurrentDirectory;
        bool isDebugged = Debugger.IsAttached;
        SpawnedWorker spawned = SpawnedWorker.Start(ticket, new LaunchRequest
        {
            Command = command,
            Name = "standby",
            Environment = WorkerEnvironment.Compose(ticket, [], null, command.NeedsHook, writesAndExecutes: !_hasFailed),
            WorkingDirectory = directory,
        });
        bool isLate = false;
        using IDisposable limit = Deadlines.Schedule(BootLimit, () =>
        {
            isLate = true;
            spawned.Process.Kill();
        });
        ByteChannel? channel = null;
        bool isReady = false;
        try
        {
            channel = spawned.Connect();
            isReady = channel is not null && TryMakeReady(channel);
            return isReady ? new StandbyWorker(spawned.Process, channel!, environment, directory, isDebugged) : null;
        }
        finally
        {
            if (!isReady)
            {
                if (channel is null && !isLate && !spawned.Process.IsAlive) _hasFailed = true;
                // Also where this process has no descriptors left: the child would wait for as long as it lives.
                channel?.Dispose();
                spawned.Process.Kill();
                spawned.Process.Dispose();
            }
        }
    }

    /// <summary>In the worker: takes over what <see cref="Greet"/> has sent.</summary>
    public static void Adopt(ref PayloadReader reader)
    {
        int count = reader.ReadMemory<int>();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString() ?? "";
            NativeEnvironment.Set(name, reader.ReadString());
        }

        if (reader.ReadString() is string directory) Environment.CurrentDirectory = directory;
    }

    /// <summary>Whether this process would boot another one now: it is debugged or not any more, or has changed what counts at a boot.</summary>
    public bool IsOutdated() => Debugger.IsAttached != _isDebugged || AnyCountsAtBoot(EnvironmentBlock.Differences(_environment, []));

    /// <summary>Notes what this process must change to be what is asked for; false where it cannot.</summary>
    public bool TryPrepare(ICollection<KeyValuePair<string, string?>> environment, string? directory)
    {
        List<string?> changes = EnvironmentBlock.Differences(_environment, environment);
        if (Debugger.IsAttached != _isDebugged || AnyCountsAtBoot(changes)) return false;
        _changes = changes;
        directory ??= Environment.CurrentDirectory;
        _newDirectory = directory == _directory ? null : directory;
        return true;
    }

    public override void Greet(FrameBuffer frames)
    {
        if (_changes is not { Count: > 0 } && _newDirectory is null) return;
        frames.Append(FrameKind.Adopt, this, static (ref PayloadWriter writer, StandbyWorker worker) =>
        {
            List<string?> changes = worker._changes ?? [];
            writer.WriteMemory(changes.Count / 2);
            foreach (string? part in changes) writer.WriteString(part);
            writer.WriteString(worker._newDirectory);
        });
    }

    public override ByteChannel Connect() => _channel;

    /// <summary>It is not needed: it ends by itself when its link does.</summary>
    public void Dismiss()
    {
        _channel.Dispose();
        Process.Dispose();
    }

    private static bool AnyCountsAtBoot(List<string?> changes)
    {
        for (int i = 0; i < changes.Count; i += 2)
        {
            if (Array.Exists(BootVariables, prefix => changes[i]!.StartsWith(prefix, StringComparison.Ordinal))) return true;
        }

        return false;
    }

    /// <summary>Tells it what to get ready for, and waits until it is.</summary>
    private static bool TryMakeReady(ByteChannel channel)
    {
        using var frames = new FrameBuffer();
        frames.Append(FrameKind.Prepare, RecentTargets.ToArray(), RecentTargets.Write);
        channel.Write(frames.Written);
        Span<byte> ready = stackalloc byte[FrameLimits.HeaderLength];
        return channel.TryReadExactly(ready);
    }
}
