using System.Diagnostics.CodeAnalysis;
using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>What a worker does to itself.</summary>
internal static class ProcessSetup
{
    /// <summary>The parent of this process as the system knows it now; another than at the start where that has ended. Unix.</summary>
    public static int ParentId => LibC.getppid();

    /// <summary>Takes Ctrl+C as the parent's business, and lets Terminate end the process at once. To be called by the main thread, before others are made.</summary>
    public static void SetSignals()
    {
        if (OperatingSystem.IsWindows()) WindowsSelf.IgnoreControlC();
        else WorkerSignals.Set();
    }

    /// <summary>Ends the process now, whatever its other threads do: no finally, no exit handler, and nothing that could hang.</summary>
    [DoesNotReturn]
    public static void ExitImmediately(int exitCode)
    {
        if (OperatingSystem.IsWindows()) WindowsSelf.ExitImmediately(exitCode);
        else LibC._exit(exitCode);
        throw new System.Diagnostics.UnreachableException();
    }
}
