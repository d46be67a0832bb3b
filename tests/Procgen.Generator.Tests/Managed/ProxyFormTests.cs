using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Managed;

/// <summary>Members whose other form, or whose form with a token, cannot be quite what they are.</summary>
public sealed class ProxyFormTests
{
    [TestCase("public int Sum(int w = 2, params int[] x) => w + x.Length;", "int Sum(int w = 2, params int[] x)", "SumAsync(int w, int[] x, ")]
    [TestCase("public C(int w = 2, params string[] n) => Size = w + n.Length; public int Size;", " CreateC(this global::Procgen.ProcessManager manager, int w = 2, params string[] n)", " CreateCAsync(this global::Procgen.ProcessManager manager, int w, string[] n, ")]
    [TestCase("public void Log([System.Runtime.CompilerServices.CallerMemberName] string who = \"\", params int[] x) { }", "CallerMemberName] string who = \"\", params int[] x)", "LogAsync(string who, int[] x, ")]
    [TestCase("public void Wait(int w = 2, CancellationToken stop = default, params int[] x) { }", "void Wait(int w, int[] x, global::System.Threading.CancellationToken stop = default)", "WaitAsync(int w, int[] x, ")]
    [TestCase("public int this[int w = 2, params int[] x] => w + x.Length;", "this[int w = 2, params int[] x]", "GetItemAsync(int w, int[] x, ")]
    [TestCase("public int Sum(int w = 2, int v = 3) => w + v;", "int Sum(int w = 2, int v = 3)", "SumAsync(int w = 2, int v = 3, ")]
    [TestCase("public Task CProxyAsync() => Task.CompletedTask;", "Task CProxyAsync(global::System.Threading.CancellationToken ", " sealed class CProxy ")]
    [TestCase("[System.Runtime.CompilerServices.IndexerName(\"At\")] public int this[int i] => i; public int Item => 1;", "[global::System.Runtime.CompilerServices.IndexerName(\"Item_\")]\n    public int this[int i]", "public int Item\n")]
    [TestCase("public int this[int i] => i; public Task<int> ItemAsync() => Task.FromResult(1);", "[global::System.Runtime.CompilerServices.IndexerName(\"Item_\")]\n    public int this[int i]", "int Item(")]
    [TestCase("public Task newAsync() => Task.CompletedTask; public int @new => 1;", "public int @new\n", "Task newAsync(")]
    [TestCase("public Task newAsync() => Task.CompletedTask;", "void @new(", "Task newAsync(")]
    public void Each_form_compiles(string member, string plain, string withToken)
    {
        GeneratorRun run = GeneratorRun.Of($"[ManagedObject] internal class C {{ {member} }}").AssertCompiles();
        Assert.That(run.Files["CProxy.g.cs"], Does.Contain(plain).And.Contain(withToken));
    }

    [Test]
    public void A_member_hides_one_of_the_same_types_whatever_their_elements_are_called() => GeneratorRun.Of(
        "class B { public int F((int A, int B) x) => x.A; } [ManagedObject] class C : B { public new int F((int X, int Y) x) => x.Y; public void G((int A, int B) x) { } public void G((int X, int Y) x, CancellationToken stop) { } }").AssertCompiles();

    [TestCase("get => 1;")]
    [TestCase("set { }")]
    public void An_override_has_the_accessor_that_it_inherits(string overridden)
    {
        GeneratorRun run = GeneratorRun.Of($"class B {{ public virtual int X {{ get; set; }} }} [ManagedObject] class C : B {{ public override int X {{ {overridden} }} }}").AssertCompiles();
        Assert.That(run.Files["CProxy.g.cs"], Does.Match("public int X\\s+{\\s+get =>.*\\s+set =>"));
    }
}
