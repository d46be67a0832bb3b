using Procgen.Benchmarks.Peers;
using Procgen.Benchmarks.Startup;

switch (args)
{
    case [Side.RowCommand, var name, var side]:
        await Side.MeasureAsync(name, side);
        return 0;
    case [BareRuntime.Command]:
        BareRuntime.Serve();
        return 0;
    case [StartStages.Command]:
        return await StartStages.RunAsync();
    case [StartStages.StartCommand]:
        StartStages.StartChildren();
        return 0;
    case ["peers", .. var rest] when PeerOptions.Parse(rest) is { } options:
        if (!options.List) return await new PeerRun(options).RunAsync();
        foreach (PeerRow row in PeerRows.Matching(options.Filters)) Console.WriteLine($"{row.Name} ({row.Unit}, {row.Bound})");
        return 0;
    default:
        Console.Error.WriteLine(PeerOptions.Usage);
        return 2;
}
