namespace Procgen.Launching;

/// <summary>The last lines of a stream. Written by its pump, read by anyone.</summary>
internal sealed class OutputTail
{
    public const int MaxLines = 64;
    public const int MaxLineLength = 4096;

    private readonly Queue<string> _lines = new(MaxLines);

    public void Add(string line)
    {
        string kept = line.Length <= MaxLineLength ? line : string.Concat(line.AsSpan(0, MaxLineLength), "…");
        lock (_lines)
        {
            if (_lines.Count == MaxLines) _lines.Dequeue();
            _lines.Enqueue(kept);
        }
    }

    public override string ToString()
    {
        lock (_lines) return string.Join('\n', _lines);
    }
}
