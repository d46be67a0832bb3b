using Procgen.CodeFixes;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Fixes;

/// <summary>Fixes of what cannot cross: PROCGEN003, 004, 010, 012 and 013.</summary>
public sealed class CrossingFixTests
{
    private const string Target = "class C { [ProcessTarget] internal static void F(Job job) { } }\n";

    [TestCase(
        "class Job\n{\n    public string? Name;\n    // open\n    public System.IO.Stream? Stream { get; set; }\n}\n",
        "class Job\n{\n    public string? Name;\n    // open\n    [ProcessIgnore]\n    public System.IO.Stream? Stream { get; set; }\n}\n")]
    [TestCase(
        "class Job\n{\n    [Obsolete]\n    public Thread? Thread;\n}\n",
        "class Job\n{\n    [Obsolete]\n    [ProcessIgnore]\n    public Thread? Thread;\n}\n")]
    [TestCase(
        "class Job\n{\n    public Part? Part;\n}\nclass Part\n{\n    public Action? Done;\n}\n",
        "class Job\n{\n    public Part? Part;\n}\nclass Part\n{\n    [ProcessIgnore]\n    public Action? Done;\n}\n")]
    [TestCase(
        "class Job\n{\n    public string? Name;\n    private int _cache;\n}\n",
        "class Job\n{\n    public string? Name;\n    [ProcessIgnore]\n    private int _cache;\n}\n")]
    public Task The_member_at_fault_is_left_out(string before, string after) => FixRun.AssertAsync<CrossingFix>(Target + before, Target + after);

    [TestCase("class Job\n{\n    private int _a, _b;\n}\n")]
    [TestCase("class Job\n{\n    public Action? A, B;\n}\n")]
    public Task One_of_several_names_in_a_declaration_is_not_left_out_alone(string source) => FixRun.AssertNoneAsync<CrossingFix>(Target + source);

    [Test]
    public Task A_member_of_a_handles_type_is_left_out() => FixRun.AssertAsync<CrossingFix>(
        "class C { ProcessQueue<Job>? q; }\nclass Job\n{\n    public Thread? Thread;\n}\n",
        "class C { ProcessQueue<Job>? q; }\nclass Job\n{\n    [ProcessIgnore]\n    public Thread? Thread;\n}\n");

    [TestCase(
        "abstract class Job { }\nclass Big : Job { }\nclass Small : Job { }\n",
        "[ProcessUnion(0, typeof(Big))]\n[ProcessUnion(1, typeof(Small))]\nabstract class Job { }\nclass Big : Job { }\nclass Small : Job { }\n")]
    [TestCase(
        "interface Job { }\nabstract class Base : Job { }\nclass Only : Base { }\n",
        "[ProcessUnion(0, typeof(Only))]\ninterface Job { }\nabstract class Base : Job { }\nclass Only : Base { }\n")]
    public Task An_open_base_says_what_derives_from_it(string before, string after) => FixRun.AssertAsync<CrossingFix>(Target + before, Target + after);
}
