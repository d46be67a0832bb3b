using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>How a worker takes signals, on Unix.</summary>
internal static unsafe class WorkerSignals
{
    /// <summary>
    /// SIGTERM ends the worker as the kernel does it: no handler of the runtime makes an exit code 143 of it. SIGINT does
    /// nothing: its handler is <c>abs</c>, a C function that takes an int and has no effect, because an ignored signal would
    /// stay ignored in programs that a target starts, where a handled one goes back to its default.
    /// </summary>
    public static void Set()
    {
        LibC.signal(LibC.Terminated, LibC.DefaultAction);
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "abs", out nint harmless)) LibC.signal(LibC.Interrupt, harmless);

        // The launch has blocked it, so that it could not end the worker before this line.
        LibC.SignalSet interrupt;
        _ = LibC.sigemptyset(&interrupt);
        _ = LibC.sigaddset(&interrupt, LibC.Interrupt);
        _ = LibC.pthread_sigmask(LibC.MaskUnblock, &interrupt, null);
    }
}
