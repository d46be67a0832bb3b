using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Procgen.Benchmarks.Peers;

/// <summary>The results as Markdown, which also reads well on a console, and as JSON.</summary>
internal sealed class Table(IReadOnlyList<RowResult> results, Machine machine, int rounds)
{
    public static string Number(double value) => value switch
    {
        >= 10_000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    public string ToMarkdown()
    {
        string[][] cells =
        [
            ["what", "unit", "Procgen", "peer", "ratio", "bound", "met"],
            .. results.Select(static result => new[]
            {
                result.Row.Name, result.Row.Unit, Cell(result.Procgen), Cell(result.Peer), Cell(result.Ratio), BoundOf(result.Row), result.Verdict,
            }),
        ];
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => Math.Max(3, cells.Max(row => row[column].Length)))];
        var text = new StringBuilder();
        AppendRow(text, cells[0], widths);
        text.AppendJoin('|', ["", .. widths.Select(static (width, column) => IsText(column) ? " " + new string('-', width) + " " : " " + new string('-', width - 1) + ": "), ""]).Append('\n');
        foreach (string[] row in cells.Skip(1)) AppendRow(text, row, widths);
        text.Append(CultureInfo.InvariantCulture, $"\nMedians of {rounds} interleaved rounds; without a peer, the worst sample of them. {machine.Cores} cores, {machine.System}, {machine.Runtime}, {machine.Python}.\n");
        return text.ToString();
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            machine.Cores,
            machine.System,
            machine.Runtime,
            machine.Python,
            Rounds = rounds,
            Rows = results.Select(static result => new
            {
                result.Row.Name,
                result.Row.Unit,
                result.Procgen,
                result.Peer,
                result.Ratio,
                Bound = BoundOf(result.Row),
                Met = result.Judged is { } judged && result.Row.Bound.IsMet(judged),
                result.ProcgenFailure,
                result.PeerFailure,
            }),
        },
        JsonFormat);

    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool IsText(int column) => column is 0 or 1 or 5 or 6;

    /// <summary>A bound on a value has the row's unit.</summary>
    private static string BoundOf(PeerRow row) => row.Peer is Peer.NoPeer ? $"{row.Bound} {row.Unit}" : row.Bound.ToString();

    private static string Cell(double? value) => value is { } number ? Number(number) : "–";

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths) => text
        .AppendJoin('|', ["", .. cells.Select((cell, column) => " " + (IsText(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])) + " "), ""])
        .Append('\n');
}
