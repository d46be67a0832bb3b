namespace Procgen.Shared;

/// <summary>Removes what processes that were killed left behind under a name: on Linux only blocks that the user named.</summary>
internal static class StaleBlocks
{
    private static int s_swept;

    /// <summary>Does it at the first use of the library in this process: one look at a folder.</summary>
    public static void SweepOnce()
    {
        if (Volatile.Read(ref s_swept) == 0 && Interlocked.Exchange(ref s_swept, 1) == 0) Sweep();
    }

    /// <summary>Does it now.</summary>
    public static void Sweep()
    {
        s_swept = 1;
        if (!OperatingSystem.IsWindows()) FileBacking.Sweep();
    }
}
