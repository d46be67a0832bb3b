using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Spectre.Console;

namespace Procgen.Codec.Benchmarks;

/// <summary>
/// Runs the codec's benchmarks by BenchmarkDotNet and holds them against a plain copy of the same bytes in the same run,
/// against MemoryPack's times, and against System.Text.Json.
/// </summary>
/// <remarks>
/// MemoryPack's own times come from another machine of this kind. They are scaled by the reference loop, which takes
/// <see cref="ReferenceNanoseconds"/> on such a machine when nothing else runs: 1,000 steps of 4 cycles at 3.7 GHz.
/// Every figure is the fastest of 80 iterations of 10 ms each, which the machine's other work disturbs least.
/// <c>dotnet run</c> sets the size of the youngest generation (launchSettings.json): the collector's own choice changes as
/// it goes, and with it what a fresh array costs, by up to two times from one benchmark to the next.
/// System.Text.Json takes at least <see cref="LeastOfJson"/> times as long, but where that is out of anybody's reach: where
/// it takes less than that many times what copying the text, hashing and allocating alone take. Those are measured in the
/// same run, and then the codec may take <see cref="MostOfLeast"/> times as long as they do.
/// </remarks>
internal static class CodecReport
{
    private const double ReferenceNanoseconds = 1080;
    private const double MostOfCopy = 1.2;
    private const double MostOfMemoryPack = 1.3;
    private const double LeastOfJson = 5;
    private const double MostOfLeast = 2.5;

    /// <summary>What a value is held against: MemoryPack's time to write into a reused buffer and to read, in nanoseconds, or copies.</summary>
    private sealed record Row(Type Type, string Name, double Write, double Read)
    {
        public bool IsArray => Write == 0;
    }

    private static readonly Row[] Rows =
    [
        new(typeof(Int32Array), "int[1000]", 0, 0),
        new(typeof(DoubleArray), "double[1,000,000]", 0, 0),
        new(typeof(FiveMembers), "class of 5 members", 49.1, 47.2),
        new(typeof(ListOfFiveMembers), "List of 1,000 of them", 16_880, 29_830),
        new(typeof(StringDictionary), "Dictionary<string, int>(1000)", 19_110, 31_140),
        new(typeof(LongString), "string of 1,000 characters", 67, 113),
    ];

    /// <param name="words">Parts of the names of the values to measure; empty for all.</param>
    public static int Run(string[] words)
    {
        Row[] rows = [.. Rows.Where(row => words.Length == 0 || words.Any(word => row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))];
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(60).WithIterationCount(80)
                .WithIterationTime(TimeInterval.FromMilliseconds(10)).WithUnrollFactor(1).WithMinInvokeCount(1))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Default)
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary);
        Dictionary<(Type, string), double> times = Measure([typeof(ReferenceLoop), .. rows.Select(static row => row.Type)], config);
        double scale = times[(typeof(ReferenceLoop), nameof(ReferenceLoop.Scalar))] / ReferenceNanoseconds;

        bool isMet = true;
        Table table = new Table().Border(TableBorder.Markdown)
            .AddColumns("value", "write ns", "bound ns", "ratio", "read ns", "bound ns", "ratio", "most", "Json write", "Json read");
        foreach (Row row in rows)
        {
            double most = row.IsArray ? MostOfCopy : MostOfMemoryPack;
            double write = times[(row.Type, "Write")];
            double read = times[(row.Type, "Read")];
            double writeBound = row.IsArray ? times[(row.Type, "Copy")] : row.Write * scale;
            double readBound = row.IsArray ? times[(row.Type, "CopyToNew")] : row.Read * scale;
            isMet &= write <= writeBound * most && read <= readBound * most;
            string jsonWrite = BesideJson(times, row.Type, "Write", ref isMet);
            string jsonRead = BesideJson(times, row.Type, "Read", ref isMet);
            table.AddRow(
                row.Name.EscapeMarkup(), Number(write), Number(writeBound), Number(write / writeBound), Number(read), Number(readBound), Number(read / readBound),
                Number(most), jsonWrite, jsonRead);
        }

        AnsiConsole.Profile.Width = 200;
        AnsiConsole.Write(table);
        Console.WriteLine($"Json, bound {LeastOfJson} ×: the least is what nobody can do without, copying the text, hashing and allocating, in the same run.");
        Console.WriteLine($"Arrays against a plain copy of the same bytes, the rest against MemoryPack 1.21.4 × {Number(scale)}: the reference loop took {Number(scale * ReferenceNanoseconds)} ns, not {ReferenceNanoseconds}.");
        return isMet ? 0 : 1;
    }

    /// <summary>How many times as long System.Text.Json takes; and, where nobody could be so much faster, as what nobody can do without.</summary>
    private static string BesideJson(Dictionary<(Type, string), double> times, Type type, string what, ref bool isMet)
    {
        double json = times[(type, "Json" + what)];
        double own = times[(type, what)];
        string ratio = $"{Number(json / own)} ×";
        if (json >= own * LeastOfJson) return ratio;
        bool isOutOfReach = times.TryGetValue((type, "Least" + what), out double least) && json < least * LeastOfJson;
        isMet &= isOutOfReach && own <= least * MostOfLeast;
        return isOutOfReach ? $"{ratio} (of the least {Number(json / least)} ×; own {Number(own / least)})" : $"{ratio}, missed";
    }

    private static Dictionary<(Type, string), double> Measure(Type[] types, IConfig config)
    {
        Dictionary<(Type, string), double> times = [];
        foreach (BenchmarkReport report in BenchmarkRunner.Run(types, config).SelectMany(static summary => summary.Reports))
        {
            if (report.ResultStatistics is { } statistics)
                times[(report.BenchmarkCase.Descriptor.Type, report.BenchmarkCase.Descriptor.WorkloadMethod.Name)] = statistics.Min;
        }

        return times;
    }

    private static string Number(double value) => value.ToString(value >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture);
}
