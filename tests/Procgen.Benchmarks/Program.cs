using System.Reflection;
using BenchmarkDotNet.Running;
using Procgen.Benchmarks.Codec;
using Procgen.Benchmarks.Peers;

switch (args)
{
    case [Side.RowCommand, var name, var side]:
        await Side.MeasureAsync(name, side);
        return 0;
    case ["peers", .. var rest] when PeerOptions.Parse(rest) is { } options:
        if (!options.List) return await new PeerRun(options).RunAsync();
        foreach (PeerRow row in PeerRows.Matching(options.Filters)) Console.WriteLine($"{row.Name} ({row.Unit}, {row.Bound})");
        return 0;
    case ["codec"]:
        return CodecReport.Run();
    case ["codec", .. var rest]:
        BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(rest);
        return 0;
    default:
        Console.Error.WriteLine($"""
            {PeerOptions.Usage}
            codec [BenchmarkDotNet arguments, as --filter '*']
              Times the codec; without arguments, beside a plain copy, MemoryPack's times and System.Text.Json.
            """);
        return 2;
}
