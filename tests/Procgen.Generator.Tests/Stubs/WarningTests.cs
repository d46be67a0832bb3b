using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Stubs;

/// <summary>What is obsolete, or a warning that the user has dealt with, is told to callers and never of generated code.</summary>
public sealed class WarningTests
{
    [TestCase("[Obsolete(\"use \\\"New\\\"\")]")]
    [TestCase("[Obsolete]")]
    [TestCase("[Obsolete(null)]")]
    [TestCase("[Obsolete(\"no\", true)]")]
    [TestCase("[Obsolete(\"no\", false, DiagnosticId = \"OLD1\", UrlFormat = \"https://example.org/{0}\")]")]
    public void An_obsolete_target_has_a_stub_that_is_obsolete_in_the_same_way(string attribute)
    {
        string expected = attribute.Replace("Obsolete", "global::System.Obsolete", StringComparison.Ordinal);
        GeneratorRun target = GeneratorRun.Of($"internal static class Work {{ {attribute} [ProcessTarget] internal static void Old() {{ }} }}").AssertCompiles();
        GeneratorRun around = GeneratorRun.Of($"{attribute} internal static class Outer {{ internal static class Work {{ [ProcessTarget] internal static void Old() {{ }} }} }}").AssertCompiles();
        Assert.That(target.Files["WorkTargets.g.cs"], Does.Contain(expected));
        Assert.That(around.Files["OuterWorkTargets.g.cs"], Does.Contain(expected));
    }

    [Test]
    public void What_is_obsolete_in_any_way_compiles(
        [Values("[Obsolete]", "[Obsolete(\"no\", true)]", "[Obsolete(DiagnosticId = \"OLD1\")]")] string attribute,
        [Values(
            "internal static class Work { $ [ProcessTarget] internal static int F(int x) => x; $ [ProcessTarget] internal static IEnumerable<int> G(IProgress<int> p) => []; }",
            "$ internal static class Work { [ProcessTarget] internal static int F(int x) => x; }",
            "$ [ProcessTarget] internal partial class Work : ChildProcess { public int X { get; init; } }",
            "$ [ManagedObject] internal class Work { public int X { get; set; } }",
            "[ManagedObject] internal class Work { $ public Work(int x) => X = x; $ public int X { get; set; } $ public void F() { } $ public event Action<int>? E { add { } remove { } } }",
            "$ internal record Job(int X, Kind Y); $ internal enum Kind { A } [Obsolete] internal static class Work { [ProcessTarget] internal static List<Kind>? F(Job job, Job[] more, (bool, Kind) pair) => null; }",
            "$ [ProcessUnion(0, typeof(Job)), PreserveReferences] internal class Job { public Job? Next; } [Obsolete] internal static class Work { [ProcessTarget] internal static void F(ProcessQueue<Job> jobs) { } }",
            "internal class Job { $ public int Old { get; set; } public int Older { $ get; set; } public int Oldest { get; $ set; } $ public string? Field; $ public Part? Part { get; init; } public class Base { $ public int Hidden; } } internal class Part : Job.Base { public new string? Hidden; $ public int Kept { get; private set; } } internal static class Work { [ProcessTarget] internal static void F(Job job) { } }",
            "internal struct Spot { $ public long X; public bool Y; } [PreserveReferences] internal class Job { $ public Job? Next { get; set; } public int X { get; $ set; } } internal record Pair(int A) { $ public int B { get; init; } } internal static class Work { [ProcessTarget] internal static void F(Spot spot, Job job) { } [ProcessTarget] internal static Pair? G() => null; }",
            "[ProcessTarget] internal partial class Work : ChildProcess { $ public string? X { get; set; } public int Y { $ get; set; } public int Z { get; $ set; } $ public int Field; }",
            "[ManagedObject] internal class Work { public int X { $ get; set; } public int Y { get; $ set; } public int this[int i] { $ get => i; set { } } }")]
        string source) => AssertSilent(source.Replace("$", attribute, StringComparison.Ordinal));

    [Test]
    public void An_accessor_of_a_proxy_is_obsolete_where_the_objects_is()
    {
        GeneratorRun run = GeneratorRun.Of("[ManagedObject] internal class Work { public int X { [Obsolete(\"no\", true)] get; set; } }").AssertCompiles();
        Assert.That(run.Files["WorkProxy.g.cs"], Does.Contain("[global::System.Obsolete(\"no\", true)] get =>").And.Contain("    set =>"));
        Assert.That(run.Files["WorkProxy.g.cs"], Does.Match("Obsolete\\(\"no\", true\\)\\]\n    public [^\n]* GetXAsync"));
        Assert.That(run.Files["WorkProxy.g.cs"], Does.Not.Match("Obsolete\\(\"no\", true\\)\\]\n    public [^\n]* SetXAsync"));
    }

    [TestCase("internal static class Work { [ProcessTarget] internal static void F(Dictionary<string?, int> map) { } }", "CS8714")]
    [TestCase("[assembly: CLSCompliant(true)] public static class Work { [ProcessTarget] public static uint F(uint x) => x; } [ManagedObject] public class C(ulong x) { public ulong X => x; }", "CS1591, CS3001, CS3002, CS3003")]
    [TestCase("[System.Diagnostics.CodeAnalysis.Experimental(\"EXP1\")] public record Job(int X); internal static class Work { [ProcessTarget] internal static void F(Job job) { } }", "CS1591, EXP1")]
    [TestCase("[ProcessTarget] internal partial class Base : ChildProcess { } [ProcessTarget] internal partial class Derived : Base { }", "CS1591")]
    public void What_the_user_has_silenced_is_not_said_again_of_generated_code(string source, string silenced) =>
        AssertSilent($"#pragma warning disable {silenced}\n{source}");

    private static void AssertSilent(string source)
    {
        GeneratorRun run = GeneratorRun.Of(source);
        Assert.That(run.CompilerDiagnostics, Is.Empty, string.Join('\n', run.Files.Values));
    }
}
