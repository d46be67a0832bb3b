using System.Diagnostics;

namespace Procgen;

public enum StartMethod { Spawn, Standby, InProcess }
public enum OutputMode { Inherit, Discard, Capture, Tee }

/// which worker said it
public readonly record struct ProcessOutput(string ProcessName, int ProcessId, bool IsError, string Line);

public class ProcessOptions
{
    public string? Name { get; set; }
    public bool? Daemon { get; set; }
    public StartMethod? StartMethod { get; set; }
    public IDictionary<string, string?> Environment => throw null!;
    public string? WorkingDirectory { get; set; }
    public string? ExecutablePath { get; set; }
    public OutputMode StandardOutput { get; set; }
    public OutputMode StandardError { get; set; }
    public Action<ProcessOutput>? OutputReceived { get; set; }
    public long? MemoryLimit { get; set; }
    public ProcessPriorityClass? Priority { get; set; }
    public IReadOnlyList<int>? ProcessorAffinity { get; set; }
    public long? GCHeapHardLimit { get; set; }
    public int? MaxStackSize { get; set; }                        // of the thread that runs targets
}

public class ChildProcess : IDisposable, IAsyncDisposable
{
    public ChildProcess(ProcessCall call, ProcessOptions? options = null) => throw null!;
    protected ChildProcess(ProcessOptions? options = null) => throw null!;
    protected virtual void Run() => throw null!;
    public static ChildProcess Start(ProcessCall call, ProcessOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public static ChildProcess<T> Start<T>(ProcessCall<T> call, ProcessOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public static IAsyncEnumerable<T> StreamAsync<T>(ProcessStream<T> call, ProcessOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public Task Completion => throw null!;
    public string Name { get; set; } = "";
    public bool Daemon { get; set; }
    public int? Id => throw null!;
    public int? ExitCode => throw null!;
    public bool IsAlive => throw null!;
    public ReadOnlyMemory<byte> AuthKey { get; set; }
    public WaitHandle Sentinel => throw null!;
    public void Start() => throw null!;
    public bool Join(TimeSpan? timeout = null) => throw null!;
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken = default) => throw null!;
    public void Terminate(bool entireTree = false) => throw null!;
    public void Kill(bool entireTree = false) => throw null!;
    public void Close() => throw null!;
    public void Dispose() => throw null!;
    public ValueTask DisposeAsync() => throw null!;
}

public sealed class ChildProcess<TResult> : ChildProcess
{
    public ChildProcess(ProcessCall<TResult> call, ProcessOptions? options = null) : base(call, options) { }
    public new Task<TResult> Completion => throw null!;
}

public sealed class ParentProcess
{
    public string Name => throw null!;
    public int Id => throw null!;
    public bool IsAlive => throw null!;
    public bool Join(TimeSpan? timeout = null) => throw null!;
    public WaitHandle Sentinel => throw null!;
    public Task WaitForExitAsync(CancellationToken cancellationToken = default) => throw null!;
}

public static class CurrentProcess
{
    public static string Name { get; set; } = "";
    public static int Id => throw null!;
    public static bool IsWorker => throw null!;
    public static bool IsDaemon => throw null!;
    public static ReadOnlyMemory<byte> AuthKey { get; set; }
    public static ParentProcess? Parent => throw null!;
    public static IReadOnlyList<ChildProcess> ActiveChildren => throw null!;
}

public static class ProcessDefaults
{
    public static StartMethod StartMethod { get; set; }
    public static IReadOnlyList<StartMethod> AvailableStartMethods => throw null!;
    public static string? ExecutablePath { get; set; }
    public static int StandbyReserve { get; set; }  // upper bound settable
    public static TimeSpan StartTimeout { get; set; }  // handshake limit, default 30 s
}

public sealed class WorkerContext
{
    internal WorkerContext() { }
    public string WorkerName => throw null!;
    public int WorkerIndex => throw null!;
    public int CallCount => throw null!;
    public IDictionary<string, object?> State => throw null!;
    public static WorkerContext? Current => throw null!;
    public T GetOrAdd<T>(Func<T> create) where T : class => throw null!;      // one of each type per worker, disposed when it ends
    public CancellationToken CancellationToken => throw null!;
}

public static class ProcgenLog
{
    public static void ToStandardError(System.Diagnostics.Tracing.EventLevel level = System.Diagnostics.Tracing.EventLevel.Informational) => throw null!;   // log_to_stderr
}
