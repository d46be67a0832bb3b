using Procgen;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mandelbrot;

/// <summary>Spectre.Console's live bars: one for the picture, fed by the map's own progress, and one for each worker's part of it.</summary>
internal sealed class Dashboard : IProgress<MapProgress>
{
    private readonly ProgressContext _context;
    private readonly ProgressTask _picture;
    private readonly long _pixels;
    private readonly SortedDictionary<string, ProgressTask> _workers = new(StringComparer.Ordinal);

    private Dashboard(ProgressContext context, IEnumerable<PoolWorker> workers, long pixels)
    {
        _context = context;
        _pixels = pixels;
        _picture = context.AddTask("[bold]picture[/]", maxValue: pixels);
        foreach (PoolWorker worker in workers) _ = Bar(worker.Name);
    }

    /// <summary>Shows the bars while <paramref name="action"/> runs.</summary>
    public static Task RunAsync(IEnumerable<PoolWorker> workers, long pixels, Func<Dashboard, Task> action)
    {
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Capabilities.Ansi = false;
        return AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ThroughputColumn())
            .StartAsync(context => action(new Dashboard(context, workers, pixels)));
    }

    /// <summary>The map's progress counts tiles, all but the last ones of one size.</summary>
    public void Report(MapProgress value)
    {
        if (value.Total is > 0 and { } total) _picture.Value = (double)_pixels * value.Completed / total;
    }

    public void Add(RenderedTile tile) => Bar(tile.Worker).Increment(tile.Pixels);

    /// <summary>A worker that took another's place gets a bar of its own.</summary>
    private ProgressTask Bar(string worker)
    {
        if (_workers.TryGetValue(worker, out ProgressTask? bar)) return bar;
        bar = _context.AddTask(worker.EscapeMarkup(), maxValue: _pixels);
        _workers.Add(worker, bar);
        return bar;
    }

    /// <summary>Pixels a second since the bar appeared.</summary>
    private sealed class ThroughputColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            double seconds = task.ElapsedTime?.TotalSeconds ?? 0;
            return new Text(seconds > 0 ? FormattableString.Invariant($"{task.Value / seconds / 1e6,6:0.00} Mpx/s") : "", new Style(Color.Aqua));
        }
    }
}
