using Microsoft.CodeAnalysis;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>The generator runs at every keystroke: whatever is there, it must not throw.</summary>
public sealed class HalfTypedCodeTests
{
    // Everything that any part of the generator and its analyzers looks at.
    private const string Source = """
        using System.Linq;
        namespace N.Deep
        {
            public static partial class Work
            {
                [ProcessTarget(Throws = new[] { typeof(TimeoutException) })]
                public static double Pow(double x, double y = 2) => Math.Pow(x, y);
                [ProcessTarget] public static async Task<string?> FetchAsync(string[] paths, IProgress<(int, string)> progress, CancellationToken stop) { await Task.Yield(); return paths[0]; }
                [ProcessTarget] internal static IAsyncEnumerable<Job> Stream(ProcessCall<int> call, Job? job = null, params int[] rest) => null!;
                internal class Nested { [ProcessTarget] public static void F(WorkerContext worker, DayOfWeek day = DayOfWeek.Friday) { [ProcessTarget] static void Local() { } } }
                public static object Use() => new List<Dictionary<string, Job[]>>();
            }
            [ProcessTarget] public partial class Worker(int count) : ChildProcess { public int Count { get; init; } = count; protected override void Run() { } }
            public record Job(int Id, string Name, List<Job?> Children) { public required DateTime At { get; init; } [ProcessIgnore] private string? _cache; }
            [ProcessUnion(0, typeof(Circle))] public abstract class Shape { public Dictionary<string, (int, Job?)[]>? Tags; }
            [ManagedObject] public class Counter(int start) { public int Count { get; set; } = start; public event EventHandler<Job>? Changed { add { } remove { } } public Task<int> AddAsync(int by) => Task.FromResult(Count += by); public int this[string name] => 1; }
            public readonly struct Move(bool isCheck, int square) { private readonly bool _isCheck = isCheck; public int Square => square; [ProcessCodec(typeof(Move))] public (byte, Move?)[,]? Next { get; init; } }
            [PreserveReferences] public class Circle : Shape { public Circle? Next { get; set; } }
            [System.Text.Json.Serialization.JsonDerivedType(typeof(Bag.Loud))] public class Bag : List<Bag?> { public class Loud : Bag { } [ProcessTarget] public static Bag Fill(Bag bag, Loud loud, Cache cache) => bag; }
            public class Cache(string name) { private readonly object _gate = new(); private int _hits; private string? _text; [Obsolete("no", true)] public int Hits => (_hits); public ref int Direct => ref _hits; public string Name => name!; public string Text => _text ??= name; }
            public class Queues<T> { ProcessQueue<Shape>? a; Connection<int, List<Job>>? b; ProcessQueue<T>? c; void M(ProcessLock l) { lock (l) { WorkTargets.Pow(1); ChildProcess.Start(Work.Pow(1)); } } }
        }
        """;

    [Test]
    public void A_file_cut_off_after_any_token_never_makes_the_generator_throw()
    {
        SyntaxTree whole = AppCompilation.Parse(Source, "App.cs");
        GeneratorRun run = GeneratorRun.Of(Source);
        int cuts = 0;
        foreach (SyntaxToken token in whole.GetRoot().DescendantTokens())
        {
            string cut = Source[..token.Span.End];
            if (cut == Source) continue;
            Assert.That(GeneratorRun.Of(run.Input.ReplaceSyntaxTree(run.Input.SyntaxTrees.Last(), AppCompilation.Parse(cut, "App.cs"))).Result.Exception, Is.Null, cut);
            cuts++;
        }

        Assert.That(cuts, Is.GreaterThan(200));
    }

    [Test]
    public async Task A_file_cut_off_anywhere_never_makes_an_analyzer_throw()
    {
        int cuts = 0;
        foreach (SyntaxToken token in AppCompilation.Parse(Source, "App.cs").GetRoot().DescendantTokens())
        {
            // Of all cuts, since each is a compilation: every fifth, and those at the ends of what is whole.
            if (cuts++ % 5 != 0 && token.Text is not ("}" or ";" or ")")) continue;
            await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.Of(Source[..token.Span.End]));
        }
    }

    [Test]
    public void A_file_without_any_one_token_never_makes_the_generator_throw()
    {
        GeneratorRun run = GeneratorRun.Of(Source);
        foreach (SyntaxToken token in AppCompilation.Parse(Source, "App.cs").GetRoot().DescendantTokens())
        {
            string without = Source.Remove(token.Span.Start, token.Span.Length);
            if (without == Source) continue;
            Assert.That(GeneratorRun.Of(run.Input.ReplaceSyntaxTree(run.Input.SyntaxTrees.Last(), AppCompilation.Parse(without, "App.cs"))).Result.Exception, Is.Null, without);
        }
    }
}
