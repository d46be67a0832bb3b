using System.Diagnostics;

namespace Procgen.Telemetry;

/// <summary>
/// What one of many items took lately, on average. A thread that was kept from running for a moment hardly shows among
/// thousands of short items, and a few slow ones are believed at once.
/// </summary>
internal struct RecentPace
{
    /// <summary>So many items are remembered, where they are short.</summary>
    private const double Items = 8192;

    /// <summary>So long is remembered, where they are not.</summary>
    private static readonly double Ticks = Stopwatch.Frequency / 100;

    private double _items;
    private double _ticks;

    /// <summary>Ticks of the system's clock for one item; 0 for unknown.</summary>
    public readonly long Each => _items == 0 ? 0 : Math.Max(1, (long)(_ticks / _items));

    public void Add(long items, long ticks)
    {
        double kept = Math.Min(Items / (Items + items), Ticks / (Ticks + ticks));
        _items = (_items * kept) + items;
        _ticks = (_ticks * kept) + ticks;
        if (_ticks <= Ticks) return;

        // Nor does a long one count for longer than is remembered: as many items fewer for the same pace.
        _items *= Ticks / _ticks;
        _ticks = Ticks;
    }
}
