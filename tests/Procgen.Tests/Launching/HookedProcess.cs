using System.Runtime.InteropServices;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

/// <summary>A child that plays a scene of <see cref="global::StartupHook"/>.</summary>
internal static partial class HookedProcess
{
    public const string SceneVariable = "PROCGEN_TEST_SCENE";

    /// <summary>What the scene about the environment finds in <see cref="WorkerEnvironment.TicketVariable"/>.</summary>
    public const string TicketVariable = "PROCGEN_TEST_TICKET";

    /// <summary>What must not be seen by anything that a worker starts.</summary>
    public static readonly string[] Watched =
    [
        WorkerEnvironment.TicketVariable, WorkerEnvironment.HooksVariable, WorkerEnvironment.HeapLimitVariable,
        "PROCGEN_ORIGINAL_" + WorkerEnvironment.HooksVariable, "PROCGEN_ORIGINAL_" + WorkerEnvironment.HeapLimitVariable,
    ];

    public static LaunchRequest Request(
        string scene, Action<int, bool, string> received, Func<HostCommand, HostCommand>? wrap = null,
        Dictionary<string, string?>? environment = null, long? memoryLimit = null) => new()
    {
        Command = wrap is null ? HostCommand.Resolve(null) : wrap(HostCommand.Resolve(null)),
        Environment = new Dictionary<string, string?>(environment ?? [])
        {
            [SceneVariable] = scene,
            [WorkerEnvironment.HooksVariable] = typeof(HookedProcess).Assembly.GetName().Name,
        },
        StandardOutput = OutputMode.Capture,
        StandardError = OutputMode.Capture,
        OutputReceived = received,
        Limits = ProcessLimits.None with { MemoryLimit = memoryLimit },
    };

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint getenv(string name);
}
