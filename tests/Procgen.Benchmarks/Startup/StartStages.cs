using System.Diagnostics;
using System.Globalization;
using System.Text;
using Procgen.Benchmarks.Peers;

namespace Procgen.Benchmarks.Startup;

/// <summary>
/// Where the time of a spawned worker goes: from the time stamps of its system calls, which strace takes down in a run of
/// their own, the share of each stage; its milliseconds are that share of what a start and join takes without strace.
/// </summary>
internal static class StartStages
{
    public const string Command = "startup";

    /// <summary>What the traced process is asked to do.</summary>
    public const string StartCommand = "start-children";

    private const int Warmups = 3;
    private const int Starts = 11;

    /// <summary>What ends each stage, in the order of a start; the first one begins when the program is executed.</summary>
    private static readonly (string Stage, Func<SystemCall, bool> IsEnd)[] Stages =
    [
        ("the host finds the runtime", static call => call.Opens("libcoreclr.so")),
        ("the runtime's library is loaded and opens its class library", static call => call.Opens("System.Private.CoreLib.dll")),
        ("the runtime comes up and opens the entry assembly", static call => call.Opens("Procgen.Host.dll")),
        ("Procgen is loaded and connects", static call => call.Text.StartsWith("connect(", StringComparison.Ordinal) && call.HasSucceeded),
        ("both sides show their secrets; the first frame is read", static call => call.IsReceivedFrame),
        ("the reader thread is started and the app's assembly opened", static call => call.Opens("Procgen.Benchmarks.dll")),
        ("the targets are registered, the call is run, its result is sent", static call => call.Text.StartsWith("sendto(", StringComparison.Ordinal)),
        ("the process ends", static call => call.Text.StartsWith("+++ exited", StringComparison.Ordinal) && call.IsLastOfProcess),
    ];

    /// <returns>0, or 2 where there is no strace.</returns>
    public static async Task<int> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("startup-").FullName;
        try
        {
            double usual = Median(await UntracedAsync().ConfigureAwait(false));
            if (!await TraceAsync(Path.Combine(folder, "calls")).ConfigureAwait(false)) return 2;
            double[][] shares = [.. TracedProcess.ReadAll(folder).Where(static process => process.IsWorker).Select(Shares).Skip(Warmups)];
            if (shares.Length != Starts) throw new InvalidOperationException($"{shares.Length} workers were traced instead of {Starts}.");
            Console.WriteLine(Table(shares, usual));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the traced process does.</summary>
    public static void StartChildren()
    {
        for (int i = 0; i < Warmups + Starts; i++) StartAndJoin();
    }

    private static void StartAndJoin()
    {
        using ChildProcess child = ChildProcess.Start(ProcessWorkTargets.Nothing());
        child.Join();
    }

    private static async Task<double[]> UntracedAsync()
    {
        var milliseconds = new List<double>();
        for (int i = -Warmups; i < Starts; i++)
        {
            long started = Stopwatch.GetTimestamp();
            StartAndJoin();
            if (i >= 0) milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(100).ConfigureAwait(false);
        }

        return [.. milliseconds];
    }

    /// <summary>One file for each thread; only the calls that are named stop it.</summary>
    private static async Task<bool> TraceAsync(string files)
    {
        string[] arguments = ["-f", "-ff", "--seccomp-bpf", "-ttt", "-e", "trace=execve,openat,connect,clone,clone3,vfork,recvfrom,sendto,exit_group", "-o", files, Environment.ProcessPath!, StartCommand];
        try
        {
            using Process strace = Process.Start("strace", arguments);
            await strace.WaitForExitAsync().ConfigureAwait(false);
            if (strace.ExitCode == 0) return true;
            await Console.Error.WriteLineAsync($"strace ended with {strace.ExitCode}.").ConfigureAwait(false);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync("There is no strace: this is for Linux, with strace installed.").ConfigureAwait(false);
        }

        return false;
    }

    private static double[] Shares(TracedProcess process)
    {
        double start = process.Start;
        double total = process.Calls[^1].Time - start;
        var shares = new double[Stages.Length];
        int next = 0;
        for (int i = 0; i < Stages.Length; i++)
        {
            (string stage, Func<SystemCall, bool> isEnd) = Stages[i];
            next = process.Calls.FindIndex(next, call => isEnd(call));
            if (next < 0) throw new InvalidOperationException($"The trace of a worker does not show where this ends: {stage}.");
            shares[i] = (process.Calls[next].Time - start) / total;
            start = process.Calls[next].Time;
        }

        return shares;
    }

    private static string Table(double[][] shares, double milliseconds)
    {
        var text = new StringBuilder("| what happens | share | ms |\n|---|--:|--:|\n");
        for (int i = 0; i < Stages.Length; i++)
        {
            double share = Median([.. shares.Select(one => one[i])]);
            text.Append(CultureInfo.InvariantCulture, $"| {Stages[i].Stage} | {100 * share:0} % | {share * milliseconds:0.0} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nStart and join of an empty child: {milliseconds:0.0} ms, median of {shares.Length}; shares: medians of as many starts under strace.\n").ToString();
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
