using System.Diagnostics.CodeAnalysis;
using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>What a worker does to itself.</summary>
internal static class ProcessSetup
{
    /// <summary>The parent of this process as the system knows it now; another than at the start where that has ended. Unix.</summary>
    public static int ParentId => LibC.getppid();

    /// <summary>Whether the runtime of this process has ports for debuggers and tracers, on Unix files, which somebody has to take away. Of any process that is no worker.</summary>
    public static bool HasDiagnostics { get; set; } = true;

    /// <summary>What a worker waits for when it has served, before it exits.</summary>
    public static Action? BeforeExit { get; set; }

    /// <summary>Takes Ctrl+C as the parent's business, and lets Terminate end the process at once. To be called by the main thread, before others are made.</summary>
    public static void SetSignals()
    {
        if (OperatingSystem.IsWindows()) WindowsSelf.IgnoreControlC();
        else WorkerSignals.Set();
    }

    /// <summary>From now on the kernel kills this process when its parent ends, even while it is stopped. Linux; elsewhere nothing happens.</summary>
    /// <returns>False where the parent has ended already.</returns>
    public static bool EndWithParent(int parentId)
    {
        // Of a process that came in between, such as a shell, nothing is known: the end of the link has to do.
        // And one that is killed cannot take its files away.
        if (!OperatingSystem.IsLinux() || HasDiagnostics || LibC.getppid() != parentId) return true;
        LibC.TellOfParentsEnd(LibC.Killed);
        return LibC.getppid() == parentId;
    }

    /// <summary>
    /// From now on the kernel only wakes this process when its parent ends, where it would kill it: the end of the link has to do, as
    /// this process has files to take away then. On the thread of <see cref="EndWithParent"/>.
    /// </summary>
    public static void EndAfterParent()
    {
        if (OperatingSystem.IsLinux() && !HasDiagnostics) LibC.TellOfParentsEnd(LibC.Continue);
    }

    /// <summary>What lists of processes show for this one, its first 15 bytes. On the main thread; Linux.</summary>
    public static void SetName(string name) => LibC.SetProcessName(name);

    /// <summary>Writes out what native code has in its C streams.</summary>
    public static void Flush()
    {
        if (!OperatingSystem.IsWindows()) LibC.FlushAll();
    }

    /// <summary>Ends the process after all managed exit handlers.</summary>
    [DoesNotReturn]
    public static void ExitFlushed(int exitCode)
    {
        Flush();
        ExitImmediately(exitCode);
    }

    /// <summary>Ends the process now, whatever its other threads do: no finally, no exit handler, and nothing that could hang.</summary>
    [DoesNotReturn]
    public static void ExitImmediately(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsSelf.ExitImmediately(exitCode);
        }
        else
        {
            // Whoever would clean up after this process may be gone.
            if (HasDiagnostics) DeleteFiles();
            OwnFiles.DeleteAll();
            LibC._exit(exitCode);
        }

        throw new System.Diagnostics.UnreachableException();
    }

    private static void DeleteFiles() => TemporaryFiles.Of(Environment.ProcessId)?.Delete();
}
