using System.Globalization;
using NUnit.Framework;

namespace Procgen.Tests.SharedMemory;

/// <summary>What this process takes of the machine, to see that what is used for long does not take more and more. Linux; nothing elsewhere.</summary>
/// <param name="Resident">Bytes of memory.</param>
/// <param name="Mappings">How many pieces of shared memory it has mapped.</param>
/// <param name="Descriptors">How many files it has open.</param>
internal readonly record struct Footprint(long Resident, int Mappings, int Descriptors)
{
    // Heaps breathe, and the crews of other tests come and go beside: far less than one for each of a hundred kills, all the same.
    private const long MemorySlack = 64L << 20;
    private const int CountSlack = 60;

    public static Footprint Take()
    {
        if (!OperatingSystem.IsLinux()) return default;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new Footprint(
            ReadStatus("VmRSS"),
            File.ReadLines("/proc/self/maps").Count(static line => line.Contains("memfd:procgen", StringComparison.Ordinal)),
            Directory.GetFileSystemEntries("/proc/self/fd").Length);
    }

    /// <summary>A line of /proc/self/status in bytes: "RssAnon:     5412 kB".</summary>
    public static long ReadStatus(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length + 1).TrimEnd("kB"), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Blocks under a name that nobody holds any more. A block that anyone holds is locked, also one of another test's.</summary>
    public static string[] LeftBlocks() => Directory.Exists("/dev/shm") ? Array.FindAll(Directory.GetFiles("/dev/shm", "procgen*"), IsHeldByNobody) : [];

    /// <summary>Asserts that it has not grown since an earlier look, and that no block is left.</summary>
    public static void AssertNotGrownSince(Footprint earlier)
    {
        Footprint now = Take();
        TestContext.Out.WriteLine($"{earlier}, then {now}");
        Assert.That(now.Resident, Is.LessThan(earlier.Resident + MemorySlack), "resident memory");
        Assert.That(now.Mappings, Is.LessThan(earlier.Mappings + CountSlack), "mappings");
        Assert.That(now.Descriptors, Is.LessThan(earlier.Descriptors + CountSlack), "open files");
        Assert.That(LeftBlocks(), Is.Empty);
    }

    private static bool IsHeldByNobody(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return file.Length > 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
