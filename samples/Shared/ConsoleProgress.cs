using System.Globalization;
using Procgen;

namespace Samples;

/// <summary>
/// A plain bar for a map of a pool, without any package: give it as <see cref="PoolMapOptions.Progress"/>. On a terminal it
/// draws over itself; elsewhere it writes one line, at the end.
/// The pool reports on one thread at a time.
/// </summary>
public sealed class ConsoleProgress : IProgress<MapProgress>
{
    private const int BarWidth = 30;
    private readonly TextWriter _writer;
    private readonly bool _isTerminal;
    private int _drawn;
    private bool _isOver;

    /// <summary>A bar on standard output.</summary>
    public ConsoleProgress()
        : this(Console.Out, !Console.IsOutputRedirected)
    {
    }

    /// <summary>A bar anywhere.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="isTerminal">Whether a carriage return takes it back to the beginning of its line.</param>
    public ConsoleProgress(TextWriter writer, bool isTerminal)
    {
        _writer = writer;
        _isTerminal = isTerminal;
    }

    /// <summary>Draws it.</summary>
    public void Report(MapProgress value)
    {
        if (_isOver) return;
        _isOver = value.Completed + value.Failed == value.Total;
        if (!_isOver && !_isTerminal) return;
        string line = Describe(value);
        _writer.Write(_isTerminal ? $"\r{line.PadRight(_drawn)}" : line);
        _drawn = line.Length;
        if (_isOver) _writer.WriteLine();
        _writer.Flush();
    }

    private static string Describe(MapProgress value)
    {
        long done = value.Completed + value.Failed;
        string line = value.Total is > 0 and { } total
            ? $"[{new string('#', (int)(BarWidth * done / total)).PadRight(BarWidth, '.')}] {done}/{total}"
            : $"{done}";
        if (value.Failed > 0) line += $", {value.Failed} failed";
        line += string.Create(CultureInfo.InvariantCulture, $", {value.Rate:0.0}/s");
        return value.Remaining is { } rest && rest > TimeSpan.Zero ? $"{line}, {rest:m\\:ss} left" : line;
    }
}
