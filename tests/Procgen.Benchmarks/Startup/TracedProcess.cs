using System.Globalization;
using System.Text.RegularExpressions;

namespace Procgen.Benchmarks.Startup;

/// <summary>What strace took down of one process: the calls of all its threads, in the order of their time.</summary>
internal sealed partial class TracedProcess
{
    private TracedProcess(IEnumerable<SystemCall> calls)
    {
        Calls = [.. calls.OrderBy(static call => call.Time)];
        Calls[^1] = Calls[^1] with { IsLastOfProcess = true };
    }

    public List<SystemCall> Calls { get; }

    /// <summary>When its program was executed.</summary>
    public double Start => Calls.First(static call => call.IsExecution).Time;

    public bool IsWorker => Calls.Exists(static call => call.IsExecution && call.Text.Contains("exec\", \"--depsfile", StringComparison.Ordinal));

    /// <param name="folder">Holds a file for each thread, whose name ends in the thread's id.</param>
    public static IEnumerable<TracedProcess> ReadAll(string folder)
    {
        Dictionary<int, SystemCall[]> threads = Directory.EnumerateFiles(folder).ToDictionary(
            static file => int.Parse(Path.GetExtension(file.AsSpan())[1..], CultureInfo.InvariantCulture),
            static file => File.ReadLines(file).Select(SystemCall.Parse).ToArray());
        return threads.Values.Where(static calls => Array.Exists(calls, static call => call.IsExecution))
            .Select(calls => new TracedProcess(WithThreads(calls, threads))).OrderBy(static process => process.Start);
    }

    /// <summary>What a thread did, and all the threads that it or they have started.</summary>
    private static IEnumerable<SystemCall> WithThreads(SystemCall[] calls, Dictionary<int, SystemCall[]> threads)
    {
        // A child that has executed nothing yet runs in its parent's memory for a moment; such calls of it do not count.
        IEnumerable<SystemCall> own = calls.SkipWhile(call => Array.Exists(calls, static any => any.IsExecution) && !call.IsExecution);
        return own.Concat(calls.SelectMany(call => call.StartedThread is { } id && threads.TryGetValue(id, out SystemCall[]? started) ? WithThreads(started, threads) : []));
    }
}

/// <summary>A line of strace's.</summary>
internal readonly partial record struct SystemCall(double Time, string Text)
{
    public bool IsLastOfProcess { get; init; }

    public bool HasSucceeded => !Text.Contains(" = -1 ", StringComparison.Ordinal);

    public bool IsExecution => Text.StartsWith("execve(", StringComparison.Ordinal) && HasSucceeded;

    /// <summary>What has come over a socket and is no greeting.</summary>
    public bool IsReceivedFrame => Text.StartsWith("recvfrom(", StringComparison.Ordinal) && Received().IsMatch(Text) && !Text.Contains("\"PRGN", StringComparison.Ordinal);

    public int? StartedThread => Text.Contains("CLONE_THREAD", StringComparison.Ordinal) && Result().Match(Text) is { Success: true } match
        ? int.Parse(match.ValueSpan, CultureInfo.InvariantCulture)
        : null;

    public static SystemCall Parse(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return new SystemCall(double.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture), line[(space + 1)..]);
    }

    public bool Opens(string file) => Text.StartsWith("openat(", StringComparison.Ordinal) && Text.Contains($"/{file}\"", StringComparison.Ordinal) && HasSucceeded;

    [GeneratedRegex(@"(?<== )\d+$")]
    private static partial Regex Result();

    [GeneratedRegex(@"\) = [1-9]\d*$")]
    private static partial Regex Received();
}
