using Microsoft.CodeAnalysis;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Stubs;

/// <summary>What is generated, to be read: one snapshot for each kind of target.</summary>
public sealed class StubSnapshotTests
{
    [Test]
    public void Synchronous_targets() => Match("""
        /// <summary>Work.</summary>
        public static class Work
        {
            /// <summary>Squares.</summary>
            [ProcessTarget] public static int Square(int x) => x * x;
            /// <summary>Greets.</summary>
            [ProcessTarget] public static void Greet(string name) => Console.WriteLine(name);
        }
        """);

    [Test]
    public void Asynchronous_targets_with_injected_arguments() => Match("""
        namespace N.Deep;
        static class Web
        {
            [ProcessTarget] public static async Task<string?> FetchAsync(string path, CancellationToken cancellationToken) { await Task.Delay(1, cancellationToken); return path; }
            [ProcessTarget] public static Task WarmAsync(WorkerContext worker) => Task.CompletedTask;
            [ProcessTarget] public static ValueTask<int> CountAsync() => new(1);
            [ProcessTarget] public static ValueTask StopAsync() => default;
        }
        """);

    [Test]
    public void Streams() => Match("""
        static class Films
        {
            [ProcessTarget] internal static IEnumerable<int> Numbers(int count) => new int[count];
            [ProcessTarget] internal static async IAsyncEnumerable<string> LinesAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop) { await Task.Delay(1, stop); yield return path; }
        }
        """);

    [Test]
    public void Progress_and_exceptions() => Match("""
        static class Training
        {
            [ProcessTarget(Throws = new[] { typeof(TrainingException), typeof(TimeoutException) })]
            public static void Run(int epochs, IProgress<double> loss, IProgress<string?>? notes = null) => loss.Report(epochs);
        }
        class TrainingException(string message) : Exception(message);
        """);

    [Test]
    public void Overloads_and_default_values() => Match("""
        static class Work
        {
            [ProcessTarget] public static double Pow(double x, double y = 2) => Math.Pow(x, y);
            [ProcessTarget] public static double Pow(int x, DayOfWeek day = DayOfWeek.Friday, string text = "a\"b\n") => x;
            [ProcessTarget] public static double Pow() => 0;
        }
        """);

    [Test]
    public void Nested_classes_and_words_of_the_language() => Match("""
        namespace @namespace
        {
            class Outer { internal static class Inner { [ProcessTarget] internal static int @int(int @class, int writer, int TargetName) => @class + writer + TargetName; } }
        }
        """);

    [Test]
    public void A_process_class() => Match("""
        namespace N;
        class Base : ChildProcess { public int First { get; private set; } }
        partial class Outer
        {
            [ProcessTarget(Throws = new[] { typeof(TimeoutException) })]
            internal partial class Worker(int count) : Base
            {
                public readonly int Count = count;
                public string? Name2 { get; set; }
                public int Limit { get; init; }
                public long Sum { get; } = 5;
                public long Doubled => Sum * 2;
                [ProcessIgnore] public object? Cache { get; set; }
                protected override void Run() => Console.WriteLine(Count);
            }
        }
        """);

    [Test]
    public void More_classes_than_one_method_names_and_a_queue() => Snapshot.Match(
        GeneratorRun.Of(string.Concat(Enumerable.Range(0, 10).Select(static i => $"static class Work{i} {{ [ProcessTarget] public static int Get() => {i}; }}\n")) + """
            record Item(string Name);
            static class Uses { public static ProcessQueue<Item>? Items { get; set; } }
            """).AssertCompiles(),
        only: "Registration.g.cs");

    [Test]
    public void An_executable_calls_the_registration_of_what_it_references()
    {
        GeneratorRun library = GeneratorRun.Of(AppCompilation.Of("public static class Lib { [ProcessTarget] public static int F() => 1; }", name: "Some.Lib")
            .WithOptions(AppCompilation.Of("").Options.WithSpecificDiagnosticOptions([new("CS1591", ReportDiagnostic.Suppress)])));
        library.AssertCompiles();
        GeneratorRun app = GeneratorRun.Of(AppCompilation.Of(
            "Console.WriteLine(LibTargets.F().TargetName);", OutputKind.ConsoleApplication, "My-App", library.Output.ToMetadataReference()));
        app.AssertCompiles();
        Snapshot.Match(app);
    }

    [TestCase("two")]
    [TestCase("two", "global")]
    public void A_library_under_an_alias_is_called_by_it(params string[] aliases)
    {
        GeneratorRun library = GeneratorRun.Of(AppCompilation.Of("internal static class Lib { [ProcessTarget] internal static int F() => 1; }", name: "Two"));
        GeneratorRun app = GeneratorRun.Of(AppCompilation.Of("Console.WriteLine();", OutputKind.ConsoleApplication, "App", library.Output.ToMetadataReference([.. aliases])));
        app.AssertCompiles();
        string alias = aliases[^1];
        Assert.That(app.Files["Registration.g.cs"], Does.Contain($" {alias}::Procgen.Generated.Two.Registration.Register();"));
    }

    [Test]
    public void A_static_partial_class_of_the_users_becomes_one_with_the_stubs([Values("public", "internal", "")] string own, [Values("public", "internal")] string target)
    {
        GeneratorRun run = GeneratorRun.Of($$"""
            #pragma warning disable CS1591
            public static class Work { [ProcessTarget] {{target}} static int F(int x) => x; }
            {{own}} static partial class WorkTargets { internal const int FCall = 1, FTarget = 2; internal static int FindTarget() => FCall + FTarget; }
            """).AssertCompiles();
        Assert.That(run.Files["WorkTargets.g.cs"], Does.Contain(own.Length == 0 ? $"\n{target} static partial" : "\nstatic partial"));
    }

    private static void Match(string source, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        Snapshot.Match(GeneratorRun.Of(source).AssertCompiles(), test: test);
}
