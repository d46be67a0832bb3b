using Microsoft.CodeAnalysis;
using Procgen.Generator.Parsing;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Codecs;

/// <summary>What cannot cross, with the path to it and the reason.</summary>
public sealed class CodecProblemTests
{
    [TestCase("System.IO.Stream", "", "Stream is a System.IO.Stream")]
    [TestCase("object", "", "object is an object, which may be anything: declare the type that crosses")]
    [TestCase("dynamic", "", "dynamic is dynamic: declare the type that crosses")]
    [TestCase("Type", "", "Type is a System.Type, and no type name is ever resolved in the other process")]
    [TestCase("Task<int>", "", "Task<int> is a System.Threading.Tasks.Task<int>")]
    [TestCase("Exception", "", "Exception is a System.Exception")]
    [TestCase("System.Runtime.InteropServices.GCHandle", "", "GCHandle is a System.Runtime.InteropServices.GCHandle")]
    [TestCase("List<System.IO.Stream>", "", "Stream is a System.IO.Stream")]
    [TestCase("Func<int>[]", "", "Func<int> is the delegate System.Func<int>")]
    [TestCase("Dictionary<string, List<object>>", "", "object is an object, which may be anything: declare the type that crosses")]
    [TestCase("Job", "class Job { public Owner Owner; } class Owner { public System.IO.Stream Stream; }", "Job.Owner.Stream is a System.IO.Stream")]
    [TestCase("Job", "class Job { public Owner[] Owners; } class Owner { public Action Done; }", "Job.Owners[].Done is the delegate System.Action")]
    [TestCase("Job", "class Job { public Dictionary<string, Lazy<object>> Map; }", "Job.Map[][] is an object, which may be anything: declare the type that crosses")]
    [TestCase("List<Job>", "class Job { public (int, Thread) Pair; }", "Job.Pair.Item2 is a System.Threading.Thread")]
    [TestCase("Job", "class Job { public IThing Thing; } interface IThing { }", "Job.Thing is the interface IThing, which has no [ProcessUnion] to say what implements it")]
    [TestCase("Job", "class Job { public Base Thing; } abstract class Base { }", "Job.Thing is the abstract class Base, which has no [ProcessUnion] to say what derives from it")]
    [TestCase("Job", "struct Job { public int Number; public unsafe int* Pointer; }", "Job.Pointer is a pointer")]
    [TestCase("Job", "struct Job { public Inner In; } struct Inner { private unsafe byte* _at; }", "Job.In._at is a pointer")]
    [TestCase("Job", "class Job : Exception { }", "Job derives from System.Exception, whose state does not cross")]
    [TestCase("Job", "class Job { private Job(int x) { } }", "Job is a Job, which has no constructor that generated code can reach and that takes public members only, by their names")]
    [TestCase("Job", "class Job(int hidden) { public int Shown => hidden; }", "Job is a Job, which has no constructor that generated code can reach and that takes public members only, by their names")]
    [TestCase("Job", "[PreserveReferences] class Job(int id) { public int Id => id; }", "Job is a Job, whose [PreserveReferences] needs a parameterless constructor that generated code can reach")]
    [TestCase("Job", "[ProcessCodec(typeof(string))] class Job { }", "Job has the [ProcessCodec] string, which is no Codec<Job>")]
    [TestCase("Job", "[ProcessUnion(0, typeof(string))] interface Job { }", "Job is a Job, which lists string, and that is none")]
    [TestCase("Job", "[ProcessUnion(0, typeof(A)), ProcessUnion(0, typeof(B))] interface Job { } class A : Job { } class B : Job { }", "Job is a Job, which gives the tag 0 to two types")]
    [TestCase("Job", "[ProcessUnion(0, typeof(A))] interface Job { } class A : Job { public Action F; }", "Job(A).F is the delegate System.Action")]
    [TestCase("Job", "class Job : List<int> { public string Name { get; set; } }", "Job.Name is a member of a collection, which crosses as its elements only")]
    [TestCase("Job", "class Job : List<int> { public string Name { get; private set; } }", "Job.Name is a member of a collection, which crosses as its elements only")]
    [TestCase("Job", "class Job : List<int> { public string Name { get; } public Job() { } public Job(string name) { Name = name; } }", "Job.Name is a member of a collection, which crosses as its elements only")]
    [TestCase("Job", "class Job : System.Collections.ObjectModel.ReadOnlyCollection<int> { public Job() : base(new int[1]) { } }", "Job is a Job, a collection that is read only, so that nobody could add its elements")]
    [TestCase("Job", "class Job : System.Collections.ObjectModel.ReadOnlySet<int> { public Job() : base(new HashSet<int>()) { } }", "Job is a Job, a collection that is read only, so that nobody could add its elements")]
    [TestCase("Job", "class Job : List<int>, ICollection<string> { public Job() { } }", "Job is a Job, a collection of int and of string at once")]
    [TestCase("Job", "[ProcessUnion(0, typeof(Job))] interface Job { }", "Job is a Job, which lists itself, and of which there are no values")]
    [TestCase("Job<int>", "class Job<T> { public Job<List<T>> Next; }", "is a Job<T> that holds others of ever deeper type arguments")]
    [TestCase("Job<int>", "class Job<T> { public Job<(T, T)> Next; }", "is a Job<T> that holds others of ever deeper type arguments")]
    [TestCase("ProcessCall<Job>", "class Job { public Action F; }", "Job.F is the delegate System.Action")]
    [TestCase("Outer.Job", "class Outer { private class Secret { } public class Job { public Secret S; } }", "Job.S is an Outer.Secret, which generated code cannot reach: make it internal or public")]
    public void A_type_that_cannot_cross_is_refused_with_the_way_to_the_reason(string type, string declarations, string message) =>
        Assert.That(Parse(type, declarations).Problem?.Message, Does.EndWith(message));

    [TestCase("class Job { public System.IO.Stream Stream { get; set; } }", "Stream")]
    [TestCase("class Job { public Owner Owner { get; set; } } class Owner { public Action Done; }", "Done")]
    public void The_member_at_fault_is_known_for_the_fix(string declarations, string member) =>
        Assert.That(Parse("Job", declarations).Problem?.Member?.Name, Is.EqualTo(member));

    [TestCase("class Job { public IThing Thing; } interface IThing { }", "IThing")]
    [TestCase("abstract class Job { }", "Job")]
    public void The_type_that_lacks_a_union_is_known_for_the_fix(string declarations, string openBase) =>
        Assert.That(Parse("Job", declarations).Problem?.OpenBase?.Name, Is.EqualTo(openBase));

    [TestCase("ChildProcess")]
    [TestCase("List<ChildProcess>")]
    public void A_process_is_told_apart(string type) => Assert.That(Parse(type, "").Problem?.IsProcess, Is.True);

    [TestCase("Job", "class Job { [ProcessIgnore] public System.IO.Stream Stream; }")]
    [TestCase("Job", "class Job { private System.IO.Stream _stream; internal Action F; protected object O; }")]
    [TestCase("Job", "record Job([property: ProcessIgnore] System.IO.Stream Stream, int Id);")]
    [TestCase("Job", "class Job { public static System.IO.Stream Stream; public const string Name = \"\"; public event Action Done; public int this[int i] => i; }")]
    [TestCase("Job", "class Job { public Job Next; public List<Job> All; public Dictionary<string, Job[]> Map; }")]
    [TestCase("Job", "unsafe struct Job { public fixed byte Buffer[8]; }")]
    [TestCase("Job", "class Job : Base { } abstract class Base { public int X; }")]
    [TestCase("Job", "[ProcessCodec(typeof(JobCodec))] class Job { public object Any; } class JobCodec : Procgen.CompilerServices.Codec<Job> "
        + "{ public override void Write(ref Procgen.CompilerServices.PayloadWriter w, Job v) { } public override Job Read(ref Procgen.CompilerServices.PayloadReader r) => null; }")]
    [TestCase("Job", "class Job { [Obsolete] public int Old; [Obsolete(\"no\", true)] public Job() { } public Job(int old) { Old = old; } }")]
    [TestCase("Job", "[ProcessUnion(0, typeof(Job))] class Job { }")]
    [TestCase("Job", "class Job : List<int> { public int Sum => Count; [ProcessIgnore] public string Name { get; } }")]
    [TestCase("Job", "class Job : List<int>, System.Collections.ICollection { public object SyncRoot { get; } = new(); public bool IsSynchronized { get; } = true; }")]
    [TestCase("Job", "class Job : Dictionary<string, int>, IReadOnlyDictionary<string, int> { public new IEnumerable<string> Keys { get; } = []; }")]
    [TestCase("(int A, (string B, Guid? C) D)[]", "")]
    public void The_nearest_type_that_can_cross_is_not_refused(string type, string declarations) =>
        Assert.That(Parse(type, declarations).Problem?.Message, Is.Null);

    [TestCase("class Box<T> { private T _v; public T Value { get => _v; set => _v = value; } public T Current => _v; }", null)]
    [TestCase("class Box<T> { public T Value { get; } }", "Box<int>.Value can be set by its own generic type only, which needs .NET 9")]
    public void What_a_generic_type_keeps_is_refused_by_an_older_framework_only_where_nothing_brings_it_back(string declarations, string? message)
    {
        Microsoft.CodeAnalysis.CSharp.CSharpCompilation compilation = CompilationOf("Box<int>", declarations);
        Assert.That(Parse(AppCompilation.OnNet8(compilation)).Problem?.Message, Is.EqualTo(message));
        Assert.That(Parse(compilation).Problem?.Message, Is.Null);
    }

    private static ParsedType Parse(string type, string declarations) => Parse(CompilationOf(type, declarations));

    private static Microsoft.CodeAnalysis.CSharp.CSharpCompilation CompilationOf(string type, string declarations) =>
        AppCompilation.Of($"#nullable disable\nclass Holder {{ public {type} Field; }}\n{declarations}");

    private static ParsedType Parse(Compilation compilation)
    {
        IFieldSymbol field = (IFieldSymbol)compilation.GetTypeByMetadataName("Holder")!.GetMembers("Field").Single();
        return TypeParser.Parse(field.Type, compilation, CancellationToken.None);
    }
}
