using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Procgen.Benchmarks.Peers;

/// <summary>One side of a row in one round: a fresh process, its samples, and an end to it when it hangs.</summary>
internal static class Side
{
    public const string RowCommand = "row";

    public static async Task<SideResult> RunProcgenAsync(PeerRow row)
    {
        if (row.Shape is not { } shape) return await RunSelfAsync(row, "procgen").ConfigureAwait(false);
        (string app, string[] arguments) = shape.CommandLine;
        return await shape.EnsureAsync().ConfigureAwait(false) ?? await RunAsync(app, [.. arguments, row.Procgen.Method.Name], row.Limit).ConfigureAwait(false);
    }

    public static Task<SideResult> RunPeerAsync(PeerRow row, string? python) => row.Peer switch
    {
        Peer.NoPeer => Task.FromResult(new SideResult([], null)),
        Peer.PythonPeer when python is null => Task.FromResult(new SideResult([], "no python3 found")),
        Peer.PythonPeer peer => RunAsync(python!, [Path.Combine(AppContext.BaseDirectory, "Peers", "Python", peer.Script), .. peer.Arguments], row.Limit),
        _ => RunSelfAsync(row, "peer"),
    };

    /// <summary>What the fresh process of this executable does: <c>row NAME procgen|peer</c>.</summary>
    public static async Task MeasureAsync(string name, string side)
    {
        PeerRow row = PeerRows.All.Single(candidate => candidate.Name == name);
        Func<Samples, Task> measure = side == "procgen" ? row.Procgen : ((Peer.InProcessPeer)row.Peer).Measure;
        await measure(new Samples()).ConfigureAwait(false);
    }

    private static Task<SideResult> RunSelfAsync(PeerRow row, string side) =>
        RunAsync(Environment.ProcessPath!, [RowCommand, row.Name, side], row.Limit);

    private static async Task<SideResult> RunAsync(string fileName, IEnumerable<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var timeout = new CancellationTokenSource(limit);
        using Process process = Process.Start(start) ?? throw new Win32Exception($"Cannot start {fileName}.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            string said = await output.ConfigureAwait(false);
            string complained = await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            return process.ExitCode == 0
                ? new SideResult(Parse(said), null)
                : new SideResult([], $"exit code {process.ExitCode}: {Reason(complained)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new SideResult([], $"no answer within {limit.TotalSeconds:0} s");
        }
    }

    private static double[] Parse(string output) =>
    [
        .. output.Split('\n')
            .Where(static line => line.StartsWith(Samples.Prefix, StringComparison.Ordinal))
            .Select(static line => double.Parse(line.AsSpan(Samples.Prefix.Length), CultureInfo.InvariantCulture)),
    ];

    private static string Reason(string errors)
    {
        string[] lines = errors.TrimEnd().Split('\n');
        return (Array.Find(lines, static line => line.StartsWith("Unhandled exception", StringComparison.Ordinal)) ?? lines[^1]).Trim();
    }
}

/// <summary>The samples of one side, or why there are none.</summary>
internal sealed record SideResult(double[] Samples, string? Failure)
{
    /// <summary>Why there was nothing to fail: what it needs is not on this machine.</summary>
    public string? Skipped { get; private init; }

    public static SideResult Skip(string reason) => new([], null) { Skipped = reason };
}
