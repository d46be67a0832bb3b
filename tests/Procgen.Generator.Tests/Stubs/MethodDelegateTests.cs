using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Stubs;

/// <summary>The delegate of a target, by which a worker in the reserve compiles it: made wherever the language allows it, and never an error or a warning.</summary>
public sealed class MethodDelegateTests
{
    private const string Member = ".Method }";

    [TestCase("void Run(string text = null!)")]
    [TestCase("string? Run(string? text, int? number = null)")]
    [TestCase("void Run(params int[] numbers)")]
    [TestCase("(int Left, string? Right) Run((int X, int Y) point, List<string?>? names)")]
    [TestCase("Task<string?> Run(CancellationToken cancellationToken, WorkerContext worker)")]
    [TestCase("Task? Run()")]
    [TestCase("IEnumerable<string?> Run(IProgress<int>? progress)")]
    [TestCase("int Run(int Method, int Run, int Read)")]
    [TestCase("int Run(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, int p)")]
    public void It_is_made_of(string method) => Assert.That(Stub($"[ProcessTarget] public static {method} => throw null!;"), Does.Contain(Member).Or.Contain(".Method, "));

    [Test]
    public void Each_overload_has_its_own()
    {
        string stub = Stub("[ProcessTarget] public static int Run(int x) => x; [ProcessTarget] public static int Run(long x) => 0; [ProcessTarget] public static void Run(double x, string y = \"\") {}");
        Assert.That(stub, Does.Contain("Func<int, int>)").And.Contain("Func<long, int>)").And.Contain("Action<double, string>)"));
    }

    [TestCase("[ProcessTarget, System.Diagnostics.Conditional(\"NEVER\")] public static void Run(int x) {}")]
    [TestCase("[ProcessTarget] public static int Run(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, int p, int q) => 0;")]
    public void Where_there_can_be_none_the_target_goes_without(string method) => Assert.That(Stub(method), Does.Not.Contain(Member));

    private static string Stub(string members) =>
        GeneratorRun.Of($"using System.Threading; static class Work {{ {members} }}").AssertCompiles().Files["WorkTargets.g.cs"];
}
