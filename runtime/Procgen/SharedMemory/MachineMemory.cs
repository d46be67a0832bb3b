using System.Globalization;

namespace Procgen.Shared;

/// <summary>How much there is at all: blocks take memory as they are touched, so a request that cannot ever be met is refused when it is made.</summary>
internal static class MachineMemory
{
    // Below this, nobody asks.
    private const long Modest = 1L << 30;

    /// <exception cref="InsufficientMemoryException">The machine has not so much memory, free or not.</exception>
    public static void CheckHas(long size)
    {
        if (size <= Modest || !OperatingSystem.IsLinux() || size <= Total()) return;
        throw new InsufficientMemoryException($"{size} bytes of shared memory are more than this machine has.");
    }

    /// <summary>From /proc/meminfo: "MemTotal:       24634540 kB".</summary>
    private static long Total()
    {
        long total = 0;
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            if (!line.StartsWith("MemTotal:", StringComparison.Ordinal) && !line.StartsWith("SwapTotal:", StringComparison.Ordinal)) continue;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            total += long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
        }

        return total == 0 ? long.MaxValue : total;
    }
}
