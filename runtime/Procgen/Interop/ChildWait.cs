using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Waiting for a child of this process, in two steps: seeing that it has ended, and reaping it.</summary>
internal static unsafe class ChildWait
{
    /// <summary>
    /// Blocks until child <paramref name="process"/> has ended and leaves it unreaped, so that its id cannot pass to another
    /// process before the caller has taken the lock under which it sends signals.
    /// </summary>
    public static void UntilEnded(int process)
    {
        // siginfo_t has 128 bytes on Linux and 104 on macOS; it is not looked at.
        ulong* information = stackalloc ulong[32];
        while (LibC.waitid(LibC.OneProcess, (uint)process, information, LibC.WaitEnded | LibC.WaitOnly) != 0)
            if (Marshal.GetLastPInvokeError() != LibC.Error.Interrupted) return;
    }

    /// <summary>Reaps child <paramref name="process"/> if it has ended. False while it runs.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="status">Its wait status; null where somebody else reaped it, as happens where SIGCHLD is ignored.</param>
    public static bool TryReap(int process, out int? status)
    {
        int value, result;
        do result = LibC.waitpid(process, &value, LibC.WaitNoHang);
        while (result < 0 && Marshal.GetLastPInvokeError() == LibC.Error.Interrupted);
        status = result == process ? value : null;
        return result != 0;
    }

    /// <summary>Where this process was started with SIGCHLD ignored, the system would reap its children and drop their statuses.</summary>
    public static void KeepStatuses()
    {
        nint* present = stackalloc nint[64];
        if (LibC.sigaction(LibC.ChildEnded, null, present) == 0 && *present == LibC.Ignore)
            _ = LibC.signal(LibC.ChildEnded, LibC.DefaultAction);
    }
}
