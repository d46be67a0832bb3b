using Procgen.Launching;

namespace Procgen.Processes;

/// <summary>A validated copy of <see cref="ProcessOptions"/>, taken when they are used.</summary>
internal sealed class LaunchOptions
{
    private const int MinStackSize = 16 * 1024;
    private readonly ProcessOptions _options;

    public LaunchOptions(ProcessOptions options)
    {
        if (options.Name is { Length: 0 }) throw new ArgumentException("A process's name must not be empty.", nameof(options));
        if (options.MaxStackSize < MinStackSize)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxStackSize, $"MaxStackSize must be at least {MinStackSize} bytes.");
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

    /// <summary>What to start for a worker of this name; the launch pipe is still to be told to it.</summary>
    public LaunchRequest ToRequest(string name, WorkerTicket ticket)
    {
        ProcessDefaults.Require(_options.StartMethod ?? ProcessDefaults.StartMethod);
        Action<ProcessOutput>? received = _options.OutputReceived;
        return new LaunchRequest
        {
            Command = HostCommand.Resolve(_options.ExecutablePath ?? ProcessDefaults.ExecutablePath),
            Name = name,
            Environment = WorkerEnvironment.Compose(ticket, _options.Environment, _options.GCHeapHardLimit),
            WorkingDirectory = _options.WorkingDirectory,
            StandardOutput = _options.StandardOutput,
            StandardError = _options.StandardError,
            OutputReceived = received is null ? null : (id, isError, line) => received(new ProcessOutput(name, id, isError, line)),
            MemoryLimit = _options.MemoryLimit,
            Priority = _options.Priority,
            ProcessorAffinity = _options.ProcessorAffinity,
        };
    }
}
