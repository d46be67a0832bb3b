using Procgen.Calls;
using Procgen.Launching;
using Procgen.Telemetry;
using Procgen.Worker;

namespace Procgen.Processes;

/// <summary>A validated copy of <see cref="ProcessOptions"/>, taken when they are used.</summary>
internal sealed class LaunchOptions
{
    private const int MinStackSize = 16 * 1024;
    private const int MaxProcessor = 65535;
    private readonly ProcessOptions _options;

    public LaunchOptions(ProcessOptions options)
    {
        if (options.Name is { Length: 0 }) throw new ArgumentException("A process's name must not be empty.", nameof(options));
        if (options.WorkingDirectory is { Length: 0 }) throw new ArgumentException("A process's working directory must not be empty.", nameof(options));
        if (!IsMode(options.StandardOutput)) throw new ArgumentOutOfRangeException(nameof(options), options.StandardOutput, "StandardOutput must be one of the values of OutputMode.");
        if (!IsMode(options.StandardError)) throw new ArgumentOutOfRangeException(nameof(options), options.StandardError, "StandardError must be one of the values of OutputMode.");
        if (options.MaxStackSize < MinStackSize)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxStackSize, $"MaxStackSize must be at least {MinStackSize} bytes.");
        if (options.ProcessorAffinity is { Count: 0 }) throw new ArgumentException("ProcessorAffinity names no processor.", nameof(options));
        foreach (int processor in options.ProcessorAffinity ?? [])
        {
            if (processor is < 0 or > MaxProcessor) throw new ArgumentOutOfRangeException(nameof(options), processor, "ProcessorAffinity holds a number that no processor has.");
        }

        if (options.MemoryLimit <= 0) throw new ArgumentOutOfRangeException(nameof(options), options.MemoryLimit, "MemoryLimit must be positive.");
        if (options.GCHeapHardLimit <= 0) throw new ArgumentOutOfRangeException(nameof(options), options.GCHeapHardLimit, "GCHeapHardLimit must be positive.");
        _options = new ProcessOptions
        {
            Name = options.Name,
            Daemon = options.Daemon,
            StartMethod = options.StartMethod,
            WorkingDirectory = options.WorkingDirectory,
            ExecutablePath = options.ExecutablePath,
            StandardOutput = options.StandardOutput,
            StandardError = options.StandardError,
            OutputReceived = options.OutputReceived,
            MemoryLimit = options.MemoryLimit,
            Priority = options.Priority,
            ProcessorAffinity = options.ProcessorAffinity is { } processors ? [.. processors] : null,
            GCHeapHardLimit = options.GCHeapHardLimit,
            MaxStackSize = options.MaxStackSize,
        };
        foreach ((string name, string? value) in options.Environment) _options.Environment[name] = value;
    }

    public int MaxStackSize => _options.MaxStackSize ?? 0;

    public StartMethod StartMethod => ProcessDefaults.Resolve(_options.StartMethod);

    /// <summary>Changes to the environment.</summary>
    public IDictionary<string, string?> Environment => _options.Environment;

    /// <summary>The full path of its folder; null for this process's own.</summary>
    public string? WorkingDirectory => _options.WorkingDirectory is string directory ? Path.GetFullPath(directory) : null;

    /// <summary>Whether what it writes to standard error is not shown.</summary>
    public bool HidesErrors => _options.StandardError is OutputMode.Capture or OutputMode.Discard;

    /// <summary>How the system is to treat it otherwise than this process; null where it is not.</summary>
    public ProcessLimits? Limits => _options is { MemoryLimit: null, Priority: null, ProcessorAffinity: null }
        ? null
        : new ProcessLimits(_options.MemoryLimit, _options.Priority, _options.ProcessorAffinity);

    /// <summary>For a worker that is a thread of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">Something is asked for that only a process can have.</exception>
    public void RequireNothingOfProcesses()
    {
        RequireUnset(_options.Environment.Count == 0, nameof(ProcessOptions.Environment));
        RequireUnset(_options.WorkingDirectory is null, nameof(ProcessOptions.WorkingDirectory));
        RequireUnset(_options.ExecutablePath is null, nameof(ProcessOptions.ExecutablePath));
        RequireUnset(_options.StandardOutput == OutputMode.Inherit, nameof(ProcessOptions.StandardOutput));
        RequireUnset(_options.StandardError == OutputMode.Inherit, nameof(ProcessOptions.StandardError));
        RequireUnset(_options.MemoryLimit is null, nameof(ProcessOptions.MemoryLimit));
        RequireUnset(_options.GCHeapHardLimit is null, nameof(ProcessOptions.GCHeapHardLimit));
        RequireUnset(_options.Priority is null, nameof(ProcessOptions.Priority));
        RequireUnset(_options.ProcessorAffinity is null, nameof(ProcessOptions.ProcessorAffinity));
    }

    /// <summary>For an option of a worker that is a thread, which it cannot have.</summary>
    /// <exception cref="PlatformNotSupportedException">It is set.</exception>
    public static void RequireUnset(bool isUnset, string option)
    {
        // Where the environment has made it a thread, somebody debugs a program that was not written for it.
        if (isUnset || ProcessDefaults.IsOverridden) return;
        throw new PlatformNotSupportedException($"{option} belongs to a process of its own: a worker that runs on a thread (StartMethod.InProcess) cannot have it.");
    }

    private static bool IsMode(OutputMode mode) => mode is >= OutputMode.Inherit and <= OutputMode.Tee;

    /// <summary>A callback that throws loses its line, not the lines after it and not this process, whose thread it runs on.</summary>
    private static void Deliver(Action<ProcessOutput> received, ProcessOutput output)
    {
        try
        {
            received(output);
        }
        catch (Exception error)
        {
            ProcgenEvents.Log.CallbackFailed(nameof(ProcessOptions.OutputReceived), output.ProcessName, RemoteError.Describe(error) ?? "");
        }
    }

    /// <summary>Whether a worker of this name is to wait for a debugger.</summary>
    public bool WaitsForDebugger(string name) =>
        DebuggerWait.IsAskedOf(name, _options.Environment.TryGetValue(WorkerEnvironment.WaitForDebuggerVariable, out string? pattern) ? pattern ?? "" : null);

    /// <summary>Whether a process that has booted already can be given all that is asked for a worker of this name.</summary>
    public bool SuitsReserve(string name) =>
        _options.ExecutablePath is null && ProcessDefaults.ExecutablePath is null
        && _options.StandardOutput == OutputMode.Inherit && _options.StandardError == OutputMode.Inherit
        && _options.GCHeapHardLimit is null
        && (OperatingSystem.IsLinux() || Limits is null)
        && !WaitsForDebugger(name); // It would have no port for one.

    /// <summary>What to start for a worker of this name; the launch pipe is still to be told to it.</summary>
    public LaunchRequest ToRequest(string name, WorkerTicket ticket)
    {
        Action<ProcessOutput>? received = _options.OutputReceived;
        HostCommand command = HostCommand.Resolve(_options.ExecutablePath ?? ProcessDefaults.ExecutablePath);
        return new LaunchRequest
        {
            Command = command,
            Name = name,
            Environment = WorkerEnvironment.Compose(ticket, _options.Environment, _options.GCHeapHardLimit, command.NeedsHook, waitsForDebugger: WaitsForDebugger(name)),
            WorkingDirectory = _options.WorkingDirectory,
            StandardOutput = _options.StandardOutput,
            StandardError = _options.StandardError,
            OutputReceived = received is null ? null : (id, isError, line) => Deliver(received, new ProcessOutput(name, id, isError, line)),
            Limits = Limits ?? ProcessLimits.None,
        };
    }
}
