using Procgen.CodeFixes;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Fixes;

/// <summary>Fixes of how a target is declared: PROCGEN001, 002, 007 and 009.</summary>
public sealed class DeclarationFixTests
{
    [TestCase("[ProcessTarget] internal int F() => 1;", "[ProcessTarget] internal static int F() => 1;")]
    [TestCase("[ProcessTarget] public async Task F() => await Task.Yield();", "[ProcessTarget] public static async Task F() => await Task.Yield();")]
    [TestCase("/* why */ [ProcessTarget] int F() => 1;", "/* why */ [ProcessTarget] static int F() => 1;")]
    [TestCase("// why\n    [ProcessTarget]\n    // and how\n    int F() => 1;", "// why\n    [ProcessTarget]\n    // and how\n    static int F() => 1;")]
    [TestCase("[ProcessTarget]\n    // why\n    internal int F() => 1;", "[ProcessTarget]\n    // why\n    internal static int F() => 1;")]
    public Task A_target_is_made_static(string before, string after) => FixRun.AssertAsync<MakeStaticFix>(InClass(before), InClass(after));

    [TestCase("class C { [ProcessTarget] public override string ToString() => \"\"; }")]
    [TestCase("abstract class C { [ProcessTarget] internal abstract int F(); }")]
    [TestCase("class C { [ProcessTarget] internal virtual int F() => 1; } class D : C { internal override int F() => 2; }")]
    [TestCase("interface I { [ProcessTarget] int F(); }")]
    [TestCase("interface I { int F(); } class C : I { [ProcessTarget] public int F() => 1; }")]
    [TestCase("interface I<T> { T F(); } class B : I<int> { [ProcessTarget] public virtual int F() => 1; }")]
    [TestCase("partial class C { [ProcessTarget] internal partial int F(); internal partial int F() => 1; }")]
    [TestCase("partial class C { internal partial int F(); [ProcessTarget] internal partial int F() => 1; }")]
    [TestCase("interface I { int F(); } class C { [ProcessTarget] public int F() => 1; } class D : C, I { }")]
    public Task What_others_call_by_its_object_is_not_made_static(string source) => FixRun.AssertNoneAsync<MakeStaticFix>(source);

    [Test]
    public Task A_target_of_a_struct_is_made_static() => FixRun.AssertAsync<MakeStaticFix>(
        "struct S { [ProcessTarget] readonly internal int F() => 1; }", "struct S { [ProcessTarget] internal static int F() => 1; }");

    [TestCase("[ProcessTarget] static int F() => 1;", "[ProcessTarget] internal static int F() => 1;")]
    [TestCase("[ProcessTarget] private static int F() => 1;", "[ProcessTarget] internal static int F() => 1;")]
    [TestCase("[ProcessTarget] static private int F() => 1;", "[ProcessTarget] internal static int F() => 1;")]
    [TestCase("[ProcessTarget] protected static int F() => 1;", "[ProcessTarget] protected internal static int F() => 1;")]
    [TestCase("[ProcessTarget] private protected static int F() => 1;", "[ProcessTarget] internal static int F() => 1;")]
    [TestCase("class D { [ProcessTarget] public static int F() => 1; }", "internal class D { [ProcessTarget] public static int F() => 1; }")]
    [TestCase("// D\n    private class D { [ProcessTarget] public static int F() => 1; }", "// D\n    internal class D { [ProcessTarget] public static int F() => 1; }")]
    public Task A_target_and_what_it_stands_in_are_made_internal(string before, string after) => FixRun.AssertAsync<MakeInternalFix>(InClass(before), InClass(after));

    [Test]
    public Task A_type_of_one_file_is_made_internal() => FixRun.AssertAsync<MakeInternalFix>(
        "file static class C { [ProcessTarget] public static int F() => 1; }",
        "internal static class C { [ProcessTarget] public static int F() => 1; }");

    [TestCase("[ProcessTarget] internal static async void F() => await Task.Yield();", "[ProcessTarget] internal static async Task F() => await Task.Yield();")]
    public Task An_asynchronous_target_returns_a_task(string before, string after) => FixRun.AssertAsync<ReturnTaskFix>(InClass(before), InClass(after));

    [TestCase("static partial class C { [ProcessTarget] private static partial int F(int a); private static partial int F(int a) => a; }")]
    [TestCase("static partial class C { private static partial int F(int a); [ProcessTarget] private static partial int F(int a) => a; }")]
    [TestCase("static class C { private static partial class D { [ProcessTarget] public static int F() => 1; } private static partial class D { } }")]
    [TestCase("partial class C { [ManagedObject] private partial class D { } private partial class D { } }")]
    public Task One_of_several_parts_is_not_made_internal_alone(string source) => FixRun.AssertNoneAsync<MakeInternalFix>(source);

    [TestCase("partial class C { [ProcessTarget] internal static partial void F(); internal static async partial void F() => await Task.Yield(); }")]
    [TestCase("[ManagedObject] partial class C { public partial void F(); public async partial void F() => await Task.Yield(); }")]
    public Task One_of_several_parts_does_not_return_a_task_alone(string source) => FixRun.AssertNoneAsync<ReturnTaskFix>(source);

    [TestCase("partial class C { [ProcessTarget] private partial class P : ChildProcess { } }", "partial class C { [ProcessTarget] internal partial class P : ChildProcess { } }")]
    [TestCase("[ManagedObject] class C { private C() { } }", "[ManagedObject] class C { internal C() { } }")]
    public Task A_class_with_generated_parts_is_made_internal(string before, string after) => FixRun.AssertAsync<MakeInternalFix>(before, after);

    [TestCase("[ManagedObject] class C { public async void F() => await Task.Yield(); }", "[ManagedObject] class C { public async Task F() => await Task.Yield(); }")]
    public Task A_member_of_a_managed_class_returns_a_task(string before, string after) => FixRun.AssertAsync<ReturnTaskFix>(before, after);

    [TestCase("[ProcessTarget] class P : ChildProcess { }", "[ProcessTarget] partial class P : ChildProcess { }")]
    [TestCase("[ProcessTarget]\ninternal sealed class P : ChildProcess\n{\n}", "[ProcessTarget]\ninternal sealed partial class P : ChildProcess\n{\n}")]
    [TestCase("class C { [ProcessTarget] internal partial class P : ChildProcess { } }", "partial class C { [ProcessTarget] internal partial class P : ChildProcess { } }")]
    public Task A_process_class_and_what_it_stands_in_are_made_partial(string before, string after) => FixRun.AssertAsync<MakePartialFix>(before, after);

    private static string InClass(string member) => $"class C\n{{\n    {member}\n}}\n";
}
