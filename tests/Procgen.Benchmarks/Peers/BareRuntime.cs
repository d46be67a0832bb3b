using System.Diagnostics;

namespace Procgen.Benchmarks.Peers;

/// <summary>
/// A process that has the .NET runtime and nothing of Procgen's, and ends when a byte comes. For comparison only: it has never
/// gone towards its end before, as a worker in the reserve has, so its end is no lower bound for that one's.
/// </summary>
internal static class BareRuntime
{
    public const string Command = "bare";

    private const int BatchSize = 8;

    /// <summary>What that process does.</summary>
    public static void Serve()
    {
        using Stream output = Console.OpenStandardOutput();
        using Stream input = Console.OpenStandardInput();
        output.WriteByte(0);
        input.ReadByte();
        Environment.Exit(0);
    }

    /// <summary>From the byte to the end of the process, of several that have waited for a while.</summary>
    public static async Task EndAsync(Samples samples)
    {
        for (int batch = -1; batch < 2; batch++)
        {
            Process[] waiting = [.. Enumerable.Range(0, BatchSize).Select(static _ => Boot())];
            await Task.Delay(1500).ConfigureAwait(false);
            foreach (Process process in waiting)
            {
                using (process)
                {
                    long asked = Stopwatch.GetTimestamp();
                    process.StandardInput.BaseStream.WriteByte(0);
                    process.StandardInput.BaseStream.Flush();
                    process.WaitForExit();
                    if (batch >= 0) samples.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }
            }
        }
    }

    private static Process Boot()
    {
        Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Command]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        if (process.StandardOutput.BaseStream.ReadByte() < 0) throw new EndOfStreamException("The process ended before it was asked to.");
        return process;
    }
}
