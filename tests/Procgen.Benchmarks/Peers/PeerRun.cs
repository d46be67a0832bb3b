namespace Procgen.Benchmarks.Peers;

/// <summary>
/// Runs the rows: in each round every side once, and who goes first changes from round to round, so that a machine that
/// slows down or speeds up meanwhile does so for both.
/// </summary>
internal sealed class PeerRun(PeerOptions options)
{
    /// <returns>0: every stated ratio is met, or missed by a fifth at most. 1: one is missed by more, or a row failed.</returns>
    public async Task<int> RunAsync()
    {
        PeerRow[] rows = [.. PeerRows.Matching(options.Filters)];
        if (rows.Length == 0)
        {
            await Console.Error.WriteLineAsync("No row matches; `peers --list` names them.").ConfigureAwait(false);
            return 2;
        }

        string? python = Python.Find();
        var results = new List<RowResult>();
        foreach (PeerRow row in rows)
        {
            await Console.Error.WriteLineAsync($"{row.Name} …").ConfigureAwait(false);
            results.Add(await MeasureAsync(row, python).ConfigureAwait(false));
        }

        var table = new Table(results, await Machine.DescribeAsync(python).ConfigureAwait(false), options.Rounds);
        Console.WriteLine(table.ToMarkdown());
        if (options.Markdown is { } markdown) await File.WriteAllTextAsync(markdown, table.ToMarkdown()).ConfigureAwait(false);
        if (options.Json is { } json) await File.WriteAllBytesAsync(json, table.ToJson()).ConfigureAwait(false);
        return results.Exists(static result => result.IsFailure) ? 1 : 0;
    }

    private async Task<RowResult> MeasureAsync(PeerRow row, string? python)
    {
        var procgen = new List<double>();
        var peer = new List<double>();
        for (int round = 0; round < options.Rounds; round++)
        {
            bool procgenFirst = round % 2 == 0;
            SideResult first = await (procgenFirst ? Side.RunProcgenAsync(row) : Side.RunPeerAsync(row, python)).ConfigureAwait(false);
            SideResult second = await (procgenFirst ? Side.RunPeerAsync(row, python) : Side.RunProcgenAsync(row)).ConfigureAwait(false);
            (SideResult ours, SideResult theirs) = procgenFirst ? (first, second) : (second, first);
            if (ours.Skipped is { } reason) return new RowResult(row, null, Median([.. theirs.Samples]), null, null) { Skipped = reason };
            if (ours.Failure is { } failure) return new RowResult(row, null, Median(peer), failure, null);
            if (theirs.Failure is { } peerFailure) return new RowResult(row, Median([.. procgen, .. ours.Samples]), null, null, peerFailure);
            procgen.AddRange(ours.Samples);
            peer.AddRange(theirs.Samples);
        }

        string? nothing = procgen.Count == 0 ? "no samples" : null;
        if (row.Peer is Peer.NoPeer) return new RowResult(row, nothing is null ? procgen.Aggregate(row.Bound.Worse) : null, null, nothing, null);
        return new RowResult(row, Median(procgen), Median(peer), nothing, peer.Count == 0 ? "no samples" : null);
    }

    private static double? Median(List<double> samples)
    {
        if (samples.Count == 0) return null;
        samples.Sort();
        int middle = samples.Count / 2;
        return samples.Count % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
    }
}

/// <summary>A row with its medians, or, where there is no peer, its worst sample. Where a side has none, it says why.</summary>
internal sealed record RowResult(PeerRow Row, double? Procgen, double? Peer, string? ProcgenFailure, string? PeerFailure)
{
    /// <summary>What this machine lacks for the row.</summary>
    public string? Skipped { get; init; }

    public double? Ratio => Procgen / Peer;

    /// <summary>What the bound is about.</summary>
    public double? Judged => Row.Peer is Peer.NoPeer ? Procgen : Ratio;

    /// <summary>A peer that hangs is no fault of ours; its row has no ratio.</summary>
    public bool IsFailure => ProcgenFailure is not null || (Judged is { } judged && Row.Bound.IsFarMissed(judged));

    public string Verdict => this switch
    {
        { Skipped: { } reason } => $"skipped: {reason}",
        { ProcgenFailure: { } failure } => $"**failed**: {failure}",
        { PeerFailure: { } failure } => $"peer: {failure}",
        _ when Row.Bound == Bound.None => "–",
        _ when Row.Bound.IsMet(Judged!.Value) => "yes",
        _ when Row.Bound.IsFarMissed(Judged!.Value) => "**no**",
        _ => "within a fifth",
    };
}
