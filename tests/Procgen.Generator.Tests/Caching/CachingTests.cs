using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Caching;

/// <summary>What runs again after an edit. A step that emits must not, unless what it emits changes.</summary>
public sealed class CachingTests
{
    private const string App = """
        using System.Linq;
        namespace N
        {
            internal static class Work
            {
                [ProcessTarget] internal static int Square(int x) => x * x;
                [ProcessTarget] internal static double Pow(double x, double y = 2) { return Math.Pow(x, y); }
            }
            internal static class Other { [ProcessTarget] internal static void Greet(string name, IProgress<int> progress) { } }
            [ProcessTarget] internal partial class Worker : ChildProcess { public int Count { get; set; } protected override void Run() { } }
            [ManagedObject] internal class Counter(int start) { public int Add(int by) { return start + by; } public event EventHandler<int>? Changed { add { } remove { } } }
            [ManagedObject] internal class Store { public List<CounterProxy> Counters { get; set; } = []; }
            internal static class Plain { internal static int Untouched() => 1; }
        }
        """;

    [Test]
    public void Nothing_is_emitted_again_after_an_unrelated_edit() =>
        AssertNothingEmits(GeneratorRun.Of(App).Edit(static text => text.Replace("Untouched() => 1", "Untouched() => 2 + 3", StringComparison.Ordinal)));

    [Test]
    public void Nothing_is_emitted_again_after_an_edit_of_a_targets_body() =>
        AssertNothingEmits(GeneratorRun.Of(App).Edit(static text => text.Replace("return Math.Pow(x, y);", "var z = x; return Math.Pow(z, y);", StringComparison.Ordinal)));

    [Test]
    public void Nothing_is_emitted_again_when_lines_move() =>
        AssertNothingEmits(GeneratorRun.Of(App).Edit(static text => "// a comment\n\n" + text));

    [Test]
    public void A_new_default_value_emits_its_own_class_again_and_no_other()
    {
        GeneratorRun run = GeneratorRun.Of(App).Edit(static text => text.Replace("y = 2", "y = 3", StringComparison.Ordinal));
        Assert.That(Reasons(run, Steps.Stub), Is.EquivalentTo([IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified]));
        Assert.That(Reasons(run, Steps.Class), Has.All.EqualTo(IncrementalStepRunReason.Cached).Or.EqualTo(IncrementalStepRunReason.Unchanged));
        Assert.That(Reasons(run, Steps.Registration), Has.All.EqualTo(IncrementalStepRunReason.Unchanged));
    }

    [Test]
    public void Nothing_is_emitted_again_after_an_edit_of_a_managed_members_body() =>
        AssertNothingEmits(GeneratorRun.Of(App).Edit(static text => text.Replace("return start + by;", "var sum = start; return sum + by;", StringComparison.Ordinal)));

    [Test]
    public void A_new_managed_member_emits_its_own_proxy_again_and_nothing_else()
    {
        GeneratorRun run = GeneratorRun.Of(App).Edit(static text => text.Replace("public int Add(int by)", "public int Less() => 1; public int Add(int by)", StringComparison.Ordinal));
        Assert.That(Reasons(run, Steps.Proxy), Is.EquivalentTo([IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified]));
        foreach (string step in Steps.Emitting.Where(static step => step != Steps.Proxy))
            Assert.That(Reasons(run, step), Has.All.EqualTo(IncrementalStepRunReason.Cached).Or.EqualTo(IncrementalStepRunReason.Unchanged), step);
    }

    [Test]
    public void A_mistake_elsewhere_emits_nothing_again() =>
        AssertNothingEmits(GeneratorRun.Of(App).Edit(static text => text + "\ninternal class Bad { [ProcessTarget] internal int F() => 1; }"));

    [Test]
    public void Editing_one_body_among_200_targets_runs_no_emitting_step()
    {
        GeneratorRun cold = GeneratorRun.Of(TwoHundredTargets());
        Assert.That(cold.Files.Keys.Count(static hint => hint.EndsWith("Targets.g.cs", StringComparison.Ordinal)), Is.EqualTo(20));
        GeneratorRun edited = cold.Edit(static text => text.Replace("x + 77;", "x + 78;", StringComparison.Ordinal));
        AssertNothingEmits(edited);
        TestContext.Out.WriteLine($"200 targets: cold {cold.Elapsed.TotalMilliseconds:f0} ms, after the edit of a body {edited.Elapsed.TotalMilliseconds:f0} ms");
    }

    [Test]
    public void No_symbol_or_syntax_outlives_its_transform()
    {
        foreach ((string step, ImmutableArray<IncrementalGeneratorRunStep> runs) in GeneratorRun.Of(App).Result.TrackedSteps.Where(static step => IsOurs(step.Key)))
        {
            foreach (object value in runs.SelectMany(static run => run.Outputs).Select(static output => output.Value)) AssertPlain(value, step, []);
        }
    }

    private static bool IsOurs(string step) => typeof(Steps).GetFields().Any(field => field.IsLiteral && (string?)field.GetRawConstantValue() == step);

    private static void AssertPlain(object? value, string step, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value)) return;
        Assert.That(value, Is.Not.InstanceOf<ISymbol>().And.Not.InstanceOf<SyntaxNode>().And.Not.InstanceOf<Compilation>().And.Not.InstanceOf<Location>(), step);
        if (value is DiagnosticDescriptor) return;
        if (value is System.Collections.IEnumerable items)
        {
            foreach (object? item in items) AssertPlain(item, step, seen);
            return;
        }

        foreach (System.Reflection.FieldInfo field in value.GetType().GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic))
            AssertPlain(field.GetValue(value), step, seen);
    }

    private static void AssertNothingEmits(GeneratorRun run)
    {
        foreach (string step in Steps.Emitting)
        {
            Assert.That(
                Reasons(run, step),
                Has.All.EqualTo(IncrementalStepRunReason.Cached).Or.EqualTo(IncrementalStepRunReason.Unchanged),
                step);
        }

        Assert.That(
            run.Result.TrackedOutputSteps.SelectMany(static step => step.Value).SelectMany(static step => step.Outputs).Select(static output => output.Reason),
            Is.Not.Empty.And.All.EqualTo(IncrementalStepRunReason.Cached),
            "no file is made again");
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRun run, string step) =>
        run.Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
            ? runs.SelectMany(static run => run.Outputs).Select(static output => output.Reason)
            : [];

    private static string TwoHundredTargets()
    {
        StringBuilder source = new();
        for (int type = 0; type < 20; type++)
        {
            source.Append(System.Globalization.CultureInfo.InvariantCulture, $"internal static class Work{type} {{\n");
            for (int method = 0; method < 10; method++)
                source.Append(System.Globalization.CultureInfo.InvariantCulture, $"    [ProcessTarget] internal static int Do{method}(int x, string name, double[] values) => x + {(type * 10) + method};\n");
            source.Append("}\n");
        }

        return source.ToString();
    }
}
