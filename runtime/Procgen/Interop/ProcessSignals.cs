using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Signals to other processes and what is set on them from outside, on Unix.</summary>
internal static unsafe class ProcessSignals
{
    /// <summary>False where there is no such process or it is not ours to signal.</summary>
    public static bool Send(int process, int signal) => LibC.kill(process, signal) == 0;

    /// <summary>The direct children of <paramref name="process"/>, on macOS.</summary>
    public static int[] ChildrenOnMac(int process)
    {
        for (int room = 64; ; room *= 4)
        {
            int[] ids = new int[room];
            int count;
            fixed (int* first = ids) count = LibC.proc_listchildpids(process, first, room * sizeof(int));
            if (count < room) return ids[..Math.Max(count, 0)];
        }
    }

    /// <summary>Sets the niceness of <paramref name="process"/>; on Linux 0 means the calling thread and what it starts.</summary>
    /// <returns>0 or the system's error number.</returns>
    public static int SetNiceness(int process, int niceness)
        => LibC.setpriority(LibC.PriorityOfProcess, (uint)process, niceness) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Binds a thread (0: the calling one), and what it starts, to <paramref name="processors"/> (Linux).</summary>
    /// <returns>0 or the system's error number.</returns>
    public static int BindThread(IReadOnlyList<int> processors, int thread)
    {
        int words = 16;
        for (int i = 0; i < processors.Count; i++) words = Math.Max(words, (processors[i] / 64) + 1);
        ulong[] mask = new ulong[words];
        for (int i = 0; i < processors.Count; i++) mask[processors[i] / 64] |= 1UL << (processors[i] % 64);
        fixed (ulong* first = mask)
            return LibC.sched_setaffinity(thread, (nuint)(words * sizeof(ulong)), first) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Limits the private writable memory of <paramref name="process"/> (Linux). A lower limit that is there already stays.</summary>
    /// <returns>0 or the system's error number.</returns>
    public static int LimitData(int process, long bytes)
    {
        LibC.ResourceLimit present;
        if (LibC.prlimit(process, LibC.LimitData, null, &present) != 0) return Marshal.GetLastPInvokeError();
        ulong limit = Math.Min((ulong)bytes, present.Hard);
        LibC.ResourceLimit wanted = new() { Soft = limit, Hard = limit };
        return LibC.prlimit(process, LibC.LimitData, &wanted, null) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }
}
