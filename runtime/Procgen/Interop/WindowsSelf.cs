using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>What a worker does to itself on Windows.</summary>
internal static unsafe class WindowsSelf
{
    private const uint ControlC = 0;

    /// <summary>Ends this process at once with <paramref name="exitCode"/>.</summary>
    public static void ExitImmediately(int exitCode) => _ = Kernel32.TerminateProcess(Kernel32.ThisProcess, unchecked((uint)exitCode));

    /// <summary>Ctrl+C has no effect on this process. By a handler: the system's own way to ignore it passes to started processes.</summary>
    public static void IgnoreControlC() => _ = Kernel32.SetConsoleCtrlHandler(&OnControlEvent, 1);

    [UnmanagedCallersOnly]
    private static int OnControlEvent(uint kind) => kind == ControlC ? 1 : 0;
}
