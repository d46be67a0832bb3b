using System.Diagnostics;
using System.Globalization;

namespace Procgen.Tests.Processes;

/// <summary>What Linux has counted of the time on a processor, in nanoseconds, where /proc's clock ticks are of ten milliseconds.</summary>
internal static class ProcessorTime
{
    public static long OfProcess(int id) => Directory.EnumerateDirectories($"/proc/{id}/task").Sum(OfThread);

    /// <summary>What each thread of some processes has had so far, by its folder under /proc: those of a thread that ends are gone.</summary>
    public static Dictionary<string, long> OfThreads(IEnumerable<int> processes) =>
        processes.SelectMany(static id => Directory.EnumerateDirectories($"/proc/{id}/task")).ToDictionary(static thread => thread, OfThread);

    /// <param name="thread">Its folder under /proc.</param>
    public static long OfThread(string thread)
    {
        try
        {
            return long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return 0;
        }
    }

    /// <summary>
    /// Whether there is a while in which nothing counted is spent. What is only about to wait, or wakes every ten seconds as a
    /// runtime's finalizer thread does, has such whiles; what polls has none.
    /// </summary>
    public static async Task<bool> RestsAsync(Func<long> spent, TimeSpan length, TimeSpan patience)
    {
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < patience;)
        {
            long before = spent();
            await Task.Delay(length);
            if (spent() == before) return true;
        }

        return false;
    }
}
