using Microsoft.CodeAnalysis.CSharp;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>State that another process does not see: PROCGEN010 and 011.</summary>
public sealed class StateDiagnosticTests
{
    private static readonly string[] Sources =
    [
        // 010: of types that cross
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; private string? {|PROCGEN010:_secret|}; }",
        "class C { [ProcessTarget] internal static List<Job> F() => []; } class Job { public string? Name; internal string? {|PROCGEN010:Secret|} { get; set; } }",
        "class C { ProcessQueue<Job>? q; } class Job { public Part? Part { get; set; } } class Part { public string? Name; protected int {|PROCGEN010:Count|}; }",
        "class C { [ProcessTarget] internal static void F(Job a) { } [ProcessTarget] internal static void G(Job b) { } } class Job { public string? Name; private int {|PROCGEN010:_a|}, {|PROCGEN010:_b|}; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; [ProcessIgnore] private string? _cache; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private string? _name; public string? Name { get => _name; set => _name = value; } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; private static int s_count; private const int Max = 5; }",
        "class C { [ProcessTarget] internal static void F(Pair pair) { } } struct Pair { private int _x; private int _y; }",
        "class C { internal static void F(Job job) { } } class Job { private string? _secret; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private int _count; public int Count => _count; public void Add() => _count++; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private int {|PROCGEN010:_count|}; public int Twice => _count * 2; public void Add() => _count++; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private readonly List<int> {|PROCGEN010:_items|} = []; public IReadOnlyList<int> Items => _items; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(IReadOnlyList<int> items) { private readonly List<int> _items = [.. items]; public IReadOnlyList<int> Items => _items; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; public int {|PROCGEN010:Secret|} { internal get; set; } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } interface IHas { int Q { get; set; } } class Job : IHas { public string? Name; int IHas.{|PROCGEN010:Q|} { get; set; } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(int {|PROCGEN010:hidden|}) { public Job() : this(1) { } public string? Name; public int Next() => hidden++; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(int count) { public string? Name; public int Count => count; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } [System.Text.Json.Serialization.JsonDerivedType(typeof(Loud))] class Job { } class Loud : Job { public string? Name; private int {|PROCGEN010:_secret|}; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job : ICollection<int> { private readonly List<int> _inner = []; public int Count => _inner.Count; public bool IsReadOnly => false; public void Add(int item) => _inner.Add(item); public void Clear() => _inner.Clear(); public bool Contains(int item) => _inner.Contains(item); public void CopyTo(int[] array, int index) => _inner.CopyTo(array, index); public bool Remove(int item) => _inner.Remove(item); public IEnumerator<int> GetEnumerator() => _inner.GetEnumerator(); System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator(); }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job : List<Item> { private int {|PROCGEN010:_version|}; } class Item { public string? Name; private int {|PROCGEN010:_secret|}; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job : Part { private int {|PROCGEN010:_b|}; } class Part : List<int> { private readonly object _gate = new(); private int {|PROCGEN010:_a|}; public int A => _a; public void Set() { lock (_gate) _a = 1; } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job : List<int> { [ProcessIgnore] private int _version; private static int s_count; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; private string? _upper; public string Upper => _upper ??= Name!.ToUpperInvariant(); public void Forget() => _upper = null; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; private List<int>? {|PROCGEN010:_items|}; public List<int> Items => _items ??= []; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; private readonly object _gate = new(); private readonly Lazy<int> _length = new(() => 1); public int Length { get { lock (_gate) return _length.Value; } } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(string name) { private readonly int _hash = name.Length; private readonly Version _version = new(name); public string Name { get; } = name; public int Hash() => _hash + _version.Major; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(string name) { private int {|PROCGEN010:_count|}; private readonly List<int> {|PROCGEN010:_log|} = []; private readonly int _length = name.Length; public string Name { get; } = name; public int Count() => _count++ + _log.Count + _length; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private int {|PROCGEN010:_count|}; public Job() { } private Job(int twice) { _count = twice / 2; } public int Twice => _count * 2; public static Job Of(int twice) => new(twice); }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private int {|PROCGEN010:_count|}; public Job() { } public Job(int twice, string unrelated) { _count = twice / 2 + unrelated.Length; } public int Twice => _count * 2; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } [PreserveReferences] class Job(int {|PROCGEN010:count|}) { public Job() : this(0) { } public int Count => count; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Base { public int Count { get; init; } } class Job : Base { private readonly int _start; public Job(int count) { Count = count; _start = count; } public int Start() => _start; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Base(int count) { public int Count { get; } = count; } class Job(int count) : Base(count) { public int Twice() => count * 2; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private string? _name = \"x\"; private string? _text; public string Name => _name!; public string? Text { get { return (this._text); } } public void Set() { _name = \"a\"; _text = \"b\"; } }",

        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job : Collection<string> { private readonly Dictionary<string, int> _index = []; protected override void InsertItem(int index, string item) { base.InsertItem(index, item); _index[item] = index; } public int Of(string item) => _index[item]; }".Replace("Collection<s", "System.Collections.ObjectModel.Collection<s", StringComparison.Ordinal),
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job : Named<string> { private readonly HashSet<string> _seen = []; protected override void InsertItem(int index, string item) { base.InsertItem(index, item); _seen.Add(item); } public bool Has(string item) => _seen.Contains(item); } abstract class Named<T> : System.Collections.ObjectModel.KeyedCollection<int, T> { protected override int GetKeyForItem(T item) => item!.GetHashCode(); }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job : System.Collections.ObjectModel.Collection<string> { private readonly HashSet<string> {|PROCGEN010:_seen|} = []; public void InsertItem(string item) { Add(item); _seen.Add(item); } }",

        // 010: of process classes
        "[ProcessTarget] partial class P : ChildProcess { private int _count; public int Count => _count; public P With() { _count = 1; return this; } }",
        "[ProcessTarget] partial class P : ChildProcess { private int {|PROCGEN010:_count|}; public int Limit { get; set; } }",
        "[ProcessTarget] partial class P(int {|PROCGEN010:count|}) : ChildProcess { protected override void Run() => Console.WriteLine(count + count); }",
        "[ProcessTarget] partial class P(int count) : ChildProcess { public int Count { get; } = count; protected override void Run() => Console.WriteLine(Count); }",
        "[ProcessTarget] partial class P : ChildProcess { [ProcessIgnore] private int _count; }",
        "[ProcessTarget] partial class P(int count) : ChildProcess { private readonly int {|PROCGEN010:_count|} = count; public int Count => _count + 0; }",
        "[ProcessTarget] partial class P : ChildProcess { private readonly object {|PROCGEN010:_gate|} = new(); protected override void Run() { lock (_gate) { } } }",
        "[ProcessTarget] partial class P(int count) : ChildProcess { public int Count { get => count; set => count = value; } }",
        "[ProcessTarget] partial class P : Base<int> { } abstract class Base<T> : ChildProcess { private T? _v; private int _n; public T? Value => _v; public int N => _n; public void Set(T v) { _v = v; _n = 1; } }",
        "[ProcessTarget] partial class P : Middle { } abstract class Middle : Base { internal int {|PROCGEN010:M|}; } abstract class Base : ChildProcess { protected int {|PROCGEN010:_b|}; private string? {|PROCGEN010:_s|}; private int _n; public int N { get => _n; set => _n = value; } [ProcessIgnore] private int _cache; }",
        "[ProcessTarget] partial class P : Base { private int {|PROCGEN010:_p|}; } [ProcessTarget] partial class Base : ChildProcess { private int {|PROCGEN010:_b|}; }",
        "[ProcessTarget] partial class P : Base { public int Count { get => _count; set => _count = value; } } abstract class Base : ChildProcess { protected int _count; }",

        // 011: static fields
        "class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static int F() => {|PROCGEN011:s|}; }",
        "class C { internal static int S { get; set; } [ProcessTarget] internal static int F() => {|PROCGEN011:C.S|}; } class D { void Set() { C.S++; } }",
        "class C { static int s; internal static void Set(out int x) { x = 1; Set(out s); } [ProcessTarget] internal static int F() { Func<int> f = () => {|PROCGEN011:s|}; return f(); } }",
        "class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static int F() { s = 2; s += 1; return 1; } }".Replace("s += 1", "{|PROCGEN011:s|} += 1", StringComparison.Ordinal),
        "[ProcessTarget] partial class P : ChildProcess { static int s; internal static void Set() => s = 1; protected override void Run() => Console.WriteLine({|PROCGEN011:s|}); }",
        "class C { static int s; [System.Runtime.CompilerServices.ModuleInitializer] internal static void Set() => s = 1; [ProcessTarget] internal static int F() => s; }",
        "class C { static int s = 5; static C() { s = 6; } [ProcessTarget] internal static int F() => s; }",
        "class C { static int s; [ProcessTarget] internal static int F() => s++; [ProcessTarget] internal static int G() => s = 3; }",
        "class C { static readonly int[] s = [1]; internal static void Set() => s[0] = 1; [ProcessTarget] internal static int F() => s[0]; }",
        "class C { static int s; internal static void Set() => s = 1; internal static int F() => s; }",
        "class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static string F() => nameof(s); }",
    ];

    [TestCaseSource(nameof(Sources))]
    public Task Exactly_what_is_wrong_is_reported_where_it_is(string text) => AnalyzerRun.AssertAsync(text);

    [TestCase("class C { [ProcessTarget] internal static void F(Job job) { } } partial class Job { private int _x, _y; public partial int X { get; set; } public partial int X { get => _x; set => _x = value; } public partial int Y { get; } public partial int Y { get { return _y; } } void Set() => _y = 1; }")]
    [TestCase("[ProcessTarget] partial class P : ChildProcess { private int _x, _y; public partial int X { get; set; } public partial int X { get => _x; set => _x = value; } public partial int Y { get; } public partial int Y => _y; void Set() => _y = 1; }")]
    [TestCase("[ProcessTarget] partial class P : ChildProcess { private int {|PROCGEN010:_x|}; public partial int X { get; } public partial int X => _x + 1; void Set() => _x = 1; }")]
    public Task What_partial_properties_use_is_seen(string text) => AnalyzerRun.AssertAsync(text, LanguageVersion.CSharp13);

    /// <summary>Without an end, the search would take all memory there is.</summary>
    [Test, CancelAfter(10_000)]
    public Task A_type_that_holds_arrays_of_itself_in_several_ways_has_an_end() => AnalyzerRun.AssertAsync(
        "class C { [ProcessTarget] internal static void F(Nest<int> {|PROCGEN003:x|}) { } } class Nest<T> { public Nest<(T, int)>[]? A { get; set; } public Nest<(T, long)>[]? B { get; set; } }");

    [Test]
    public async Task The_message_names_who_assigns() => Assert.That(
        (await AnalyzerRun.AssertAsync("class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static int F() => {|PROCGEN011:s|}; }")).Single(),
        Is.EqualTo("Target 'C.F' reads 'C.s', which 'C.Set' assigns: a worker has a copy of its own, where that assignment never happens"));
}
