using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>A child on Linux or macOS: <c>posix_spawn</c> and a wait of our own, beside which <see cref="Process"/> may be used freely.</summary>
internal sealed class UnixProcess : NativeProcess
{
    private readonly TemporaryFiles? _files;

    private UnixProcess(int id, OutputCapture? output, TemporaryFiles? files)
        : base(id, output) => _files = files;

    public static UnixProcess Launch(LaunchRequest request)
    {
        Validate(request.Limits);
        ChildWait.KeepStatuses();
        OutputCapture? output = OutputCapture.Create(request);
        int id;
        try
        {
            id = NeedsThread(request.Limits) ? SpawnFromThread(request, output)
                : OperatingSystem.IsLinux() ? SpawnThread.Run(() => Spawn(request, output))
                : Spawn(request, output);
        }
        catch
        {
            output?.Abandon();
            throw;
        }

        try
        {
            SetFromOutside(id, request.Limits);
        }
        catch
        {
            // It was started with less than was asked for: it must not run.
            ProcessSignals.Send(id, LibC.Killed);
            ChildWait.UntilEnded(id);
            ChildWait.TryReap(id, out _);
            output?.Abandon();
            throw;
        }

        output?.Attach(id);
        return new UnixProcess(id, output, TemporaryFiles.Of(id, FolderOf(request)));
    }

    public override void DeleteLaunchSockets() => _files?.DeleteSockets();

    private protected override void WaitForEnd() => ChildWait.UntilEnded(Id);

    private protected override bool TryReap(out ExitStatus status)
    {
        bool reaped = ChildWait.TryReap(Id, out int? value);
        status = value is { } known ? ExitStatus.FromWaitStatus(known) : ExitStatus.Unknown;
        if (reaped && value != 0) _files?.DeleteRuntimes();
        return reaped;
    }

    private protected override void Signal(bool forcibly, bool entireTree)
    {
        int signal = forcibly ? LibC.Killed : LibC.Terminated;
        if (entireTree)
        {
            ProcessTree.Signal(Id, signal);
            return;
        }

        ProcessSignals.Send(Id, signal);
        if (!forcibly) ProcessSignals.Send(Id, LibC.Continue); // One that is stopped takes note of it only when it goes on.
    }

    /// <summary>The temporary folder that it is started with; null for that of this process.</summary>
    private static string? FolderOf(LaunchRequest request)
    {
        if (!request.Environment.TryGetValue("TMPDIR", out string? folder)) return null;
        return string.IsNullOrEmpty(folder) ? TemporaryFiles.SystemFolder : folder;
    }

    private static void Validate(ProcessLimits limits)
    {
        if (limits.ProcessorAffinity is not null && !OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Processor affinity can be set on Linux and Windows only.");
        if (limits.MemoryLimit is not null && (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess))
            throw new PlatformNotSupportedException("MemoryLimit can be set on 64-bit Linux and Windows only; GCHeapHardLimit works everywhere.");
    }

    /// <summary>
    /// On Linux niceness and affinity belong to threads and pass to what a thread starts. Set on a thread that lives for just
    /// this, they hold for the child from its first instruction: set from outside they would miss threads that it has already.
    /// </summary>
    private static bool NeedsThread(ProcessLimits limits)
        => OperatingSystem.IsLinux() && (limits.Priority is not null || limits.ProcessorAffinity is not null);

    private static int SpawnFromThread(LaunchRequest request, OutputCapture? output)
    {
        int id = 0;
        ExceptionDispatchInfo? failure = null;
        using var spawned = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            try
            {
                SetThread(0, request.Limits);
                id = Spawn(request, output);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            // With the end of the thread that started it, a worker would be killed: see SpawnThread.
            int started = id;
            spawned.Set();
            if (started != 0) ChildWait.UntilEnded(started);
        }, 128 * 1024)
        { IsBackground = true, Name = "procgen spawn" };
        thread.UnsafeStart();
        spawned.Wait();
        failure?.Throw();
        return id;
    }

    /// <summary>Gives a process that runs already, and waits, <paramref name="limits"/> (Linux).</summary>
    public static void Adjust(int id, ProcessLimits limits)
    {
        Validate(limits);
        SetFromOutside(id, limits);
        if (!NeedsThread(limits)) return;

        // Niceness and affinity belong to threads: to those that are there, and to what they start.
        foreach (string task in Directory.EnumerateDirectories($"/proc/{id}/task"))
            SetThread(int.Parse(Path.GetFileName(task.AsSpan()), CultureInfo.InvariantCulture), limits);
    }

    /// <summary>For a thread, 0 for the calling one, and what it starts. One that has ended needs nothing.</summary>
    private static void SetThread(int thread, ProcessLimits limits)
    {
        if (limits.Priority is { } priority) CheckThere(ProcessSignals.SetNiceness(thread, Niceness(priority)), $"set priority {priority}");
        if (limits.ProcessorAffinity is not { } processors) return;
        int error = ProcessSignals.BindThread(processors, thread);
        if (error == LibC.Error.Invalid)
            throw ProcessLimits.Unfit(nameof(limits.ProcessorAffinity), string.Join(", ", processors), "ProcessorAffinity names no processor that this process may use.");
        CheckThere(error, $"use only the processors {string.Join(", ", processors)}");

        static void CheckThere(int error, string what)
        {
            if (error != LibC.Error.NoProcess) Check(error, what);
        }
    }

    private static void SetFromOutside(int id, ProcessLimits limits)
    {
        if (limits.MemoryLimit is { } limit) Check(ProcessSignals.LimitData(id, limit), "limit its memory");
        if (limits.Priority is { } priority && !OperatingSystem.IsLinux()) Check(ProcessSignals.SetNiceness(id, Niceness(priority)), $"set priority {priority}");
    }

    private static int Spawn(LaunchRequest request, OutputCapture? output)
    {
        HostCommand command = request.Command;
        List<string> arguments = [command.CalledAs, .. command.Arguments];
        int error = PosixSpawn.Start(
            command.FileName, arguments, EnvironmentBlock.Compose(request.Environment),
            request.WorkingDirectory is { } directory ? Path.GetFullPath(directory) : null,
            Descriptor(request.StandardOutput, output?.OutputWriteEnd), Descriptor(request.StandardError, output?.ErrorWriteEnd), out int id);
        Check(error, $"start '{command.FileName}'");
        return id;
    }

    private static int Descriptor(OutputMode mode, nint? writeEnd)
        => mode == OutputMode.Discard ? PosixSpawn.DiscardOutput : writeEnd is { } end ? (int)end : PosixSpawn.InheritOutput;

    private static void Check(int error, string what)
    {
        if (error == 0) return;
        string message = $"Could not {what}: {LibC.Describe(error)}.";
        throw error switch
        {
            LibC.Error.AccessDenied or LibC.Error.NotPermitted => new UnauthorizedAccessException(message),
            LibC.Error.NoEntry => new FileNotFoundException(message),
            _ => new Win32Exception(error, message),
        };
    }

    private static int Niceness(ProcessPriorityClass priority) => priority switch
    {
        ProcessPriorityClass.Idle => 19,
        ProcessPriorityClass.BelowNormal => 10,
        ProcessPriorityClass.Normal => 0,
        ProcessPriorityClass.AboveNormal => -6,
        ProcessPriorityClass.High => -11,
        ProcessPriorityClass.RealTime => -19,
        _ => throw ProcessLimits.Unfit(nameof(ProcessLimits.Priority), priority, "There is no such priority."),
    };
}
