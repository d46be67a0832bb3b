using System.Globalization;
using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>
/// The environment variables that make a started process a worker. They are for it alone: it takes them out of its
/// environment before anything else runs, so that what a target starts sees the user's environment.
/// </summary>
internal static class WorkerEnvironment
{
    /// <summary>Carries the <see cref="WorkerTicket"/>.</summary>
    public const string TicketVariable = "PROCGEN_WORKER";

    /// <summary>Assemblies whose <c>StartupHook.Initialize</c> runs before Main; from it the worker never returns.</summary>
    public const string HooksVariable = "DOTNET_STARTUP_HOOKS";

    /// <summary>0: no ports for debuggers and tracers.</summary>
    public const string DiagnosticsVariable = "DOTNET_EnableDiagnostics";

    /// <summary>0: the library for traces by LTTng is not loaded.</summary>
    public const string LinuxTracingVariable = "DOTNET_LTTng";

    /// <summary>0: memory for compiled code may be written and executed under one address.</summary>
    public const string WriteXorExecuteVariable = "DOTNET_EnableWriteXorExecute";

    private const string OldDiagnosticsVariable = "COMPlus_EnableDiagnostics";
    private const string OldWriteXorExecuteVariable = "COMPlus_EnableWriteXorExecute";

    /// <summary>Bytes, in hexadecimal.</summary>
    public const string HeapLimitVariable = "DOTNET_GCHeapHardLimit";

    /// <summary>Bytes, in hexadecimal: objects from that size on are collected only with everything else.</summary>
    public const string LargeObjectVariable = "DOTNET_GCLOHThreshold";

    /// <summary>1, or a pattern of names: such workers wait for a debugger before they run anything.</summary>
    public const string WaitForDebuggerVariable = "PROCGEN_WAIT_FOR_DEBUGGER";

    /// <summary>Before the name of a variable that the launch has changed: what the user had there.</summary>
    private const string OriginalPrefix = "PROCGEN_ORIGINAL_";

    /// <summary>4 MiB. A worker gets and drops arrays all the time; by default every third of 1 MiB would be a full collection.</summary>
    private const string LargeObjectSize = "400000";

    // Not asked of the assembly: that loads cultures and versions into every worker that only wants its ticket.
    private const string HookAssembly = "Procgen";

    /// <summary>Whether this process was started as a worker and has not taken its ticket yet.</summary>
    public static bool HasTicket => Environment.GetEnvironmentVariable(TicketVariable) is not null;

    /// <summary>Whether the runtime of this process writes a trace, which it needs no port for: to a file, by LTTng or by the kernel's user events.</summary>
    public static bool HasTrace => Array.Exists(["EnableEventPipe", "LTTng", "EnableUserEvents"], static name => IsSet($"DOTNET_{name}") || IsSet($"COMPlus_{name}"));

    /// <summary>Adds what makes a process a worker to the changes that the user asks for.</summary>
    /// <param name="ticket">Of this launch only.</param>
    /// <param name="changes">The user's, by name; null removes a variable.</param>
    /// <param name="heapHardLimit">The most bytes its GC heap may take.</param>
    /// <param name="needsHook">Whether it is the startup hook that takes the place of Main.</param>
    /// <param name="writesAndExecutes">Whether compiled code may lie where it was written, unless the user has decided.</param>
    /// <param name="waitsForDebugger">Whether it will wait for a debugger, which needs a port.</param>
    public static Dictionary<string, string?> Compose(
        WorkerTicket ticket, IEnumerable<KeyValuePair<string, string?>> changes, long? heapHardLimit, bool needsHook = true, bool writesAndExecutes = false, bool waitsForDebugger = false)
    {
        var environment = new Dictionary<string, string?>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach ((string name, string? value) in changes) environment[name] = value;

        if (needsHook)
        {
            // The user's hooks come first, as ours does not return.
            string? hooks = Current(environment, HooksVariable);
            Replace(environment, HooksVariable, string.IsNullOrEmpty(hooks) ? HookAssembly : hooks + Path.PathSeparator + HookAssembly);
        }

        // Their files would stay in the temporary folder after a kill. Whoever sets the variable decides for the workers too.
        if (!OperatingSystem.IsWindows() && (Current(environment, DiagnosticsVariable) ?? Current(environment, OldDiagnosticsVariable)) is null && !waitsForDebugger && !System.Diagnostics.Debugger.IsAttached)
            Replace(environment, DiagnosticsVariable, "0");
        if (OperatingSystem.IsLinux() && Current(environment, LinuxTracingVariable) is null) Replace(environment, LinuxTracingVariable, "0");
        if (Current(environment, LargeObjectVariable) is null) Replace(environment, LargeObjectVariable, LargeObjectSize);

        // To take the second addresses down is a fifth of the life of an empty call.
        if (writesAndExecutes && Current(environment, WriteXorExecuteVariable) is null && Current(environment, OldWriteXorExecuteVariable) is null)
            Replace(environment, WriteXorExecuteVariable, "0");
        if (heapHardLimit is { } limit) Replace(environment, HeapLimitVariable, limit.ToString("x", CultureInfo.InvariantCulture));
        environment[TicketVariable] = ticket.ToString();
        return environment;
    }

    /// <summary>In the worker: the ticket, once, taken out of the environment with all that came with it; null in any other process.</summary>
    /// <exception cref="InvalidDataException">The variable holds no ticket.</exception>
    public static WorkerTicket? Take()
    {
        if (Environment.GetEnvironmentVariable(TicketVariable) is not { } text) return null;
        NativeEnvironment.Set(TicketVariable, null);
        Restore(HooksVariable);
        Restore(HeapLimitVariable);
        ProcessSetup.HasDiagnostics = (Environment.GetEnvironmentVariable(DiagnosticsVariable) ?? Environment.GetEnvironmentVariable(OldDiagnosticsVariable)) != "0";
        Restore(LargeObjectVariable);
        Restore(DiagnosticsVariable);
        Restore(LinuxTracingVariable);
        Restore(WriteXorExecuteVariable);
        return WorkerTicket.Parse(text) ?? throw new InvalidDataException($"The environment variable {TicketVariable} was not set by this version of Procgen.");
    }

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is not (null or "" or "0");

    private static string? Current(Dictionary<string, string?> changes, string name)
        => changes.TryGetValue(name, out string? value) ? value : Environment.GetEnvironmentVariable(name);

    private static void Replace(Dictionary<string, string?> environment, string name, string value)
    {
        environment[OriginalPrefix + name] = Current(environment, name) ?? "";
        environment[name] = value;
    }

    private static void Restore(string name)
    {
        // Present for every variable that the launch has replaced; empty where the user had none (an empty one means the same).
        if (Environment.GetEnvironmentVariable(OriginalPrefix + name) is { } original)
        {
            NativeEnvironment.Set(OriginalPrefix + name, null);
            NativeEnvironment.Set(name, original.Length == 0 ? null : original);
        }
    }
}
