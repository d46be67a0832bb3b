using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Codecs;

/// <summary>Where objects keep what their public members show, and that it is there again on the other side.</summary>
public sealed class StateTests
{
    private static readonly LoadedApp App = LoadedApp.Of("""
        #pragma warning disable CS1591
        public class Counter { private int _count; public int Count => _count; public void Add() => _count++; }
        public class Blocks { private string? _a, _b; public string? A { get { return _a; } } public string? B { get => this._b; } public Blocks With() { _a = "a"; _b = "b"; return this; } }
        public class Place { private int _x; private string? _y; public ref int X => ref _x; public ref readonly string? Y => ref _y; public Place With() { _x = 3; _y = "y"; return this; } }
        public struct Pair { private string? _first; public readonly string? First => _first; public int Second; public static Pair Of(string first, int second) => new() { _first = first, Second = second }; }
        public class Base { private int _value; public virtual int Value => _value; public void Set(int value) => _value = value; }
        public class Derived : Base { private string? _text; public string? Text => _text; public Derived With(int value, string text) { Set(value); _text = text; return this; } }
        public class Generic<T> { private T? _value; public T? Value => _value; public Generic<T> With(T value) { _value = value; return this; } }
        [PreserveReferences] public class Node { private Node? _next; public Node? Next => _next; public Node With(Node next) { _next = next; return this; } }
        public class Sum { public int A, B; public int Total => A + B; }
        public class Bag : List<int> { [ProcessIgnore] public required string Name { get; init; } }
        public class Needing { public virtual required string Name { get; set; } }
        public class Needed : Needing { public override required string Name { get; set; } = ""; public int Count { get; init; } }
        public class Sure { private string? _name, _text; public string Name => _name!; public string Text { get { return (this._text!); } } public Sure With() { _name = "n"; _text = "t"; return this; } }
        public class Old { public int Value { get; [Obsolete("no", true)] set; } = 1; public static Old Of(int value) { Old made = new(); typeof(Old).GetProperty("Value")!.SetValue(made, value); return made; } }
        public class Hidden { public int X, Low; public int Init { get; init; } public int Got { get; private set; } public int Kept { get; } = 4; public Hidden WithHidden(int got) { Got = got; return this; } }
        public class Hiding : Hidden { internal new string? Low = "low"; public new string? X; public new string? Init { get; init; } public new string? Got { get; private set; } public new string? Kept { get; } = "k"; public Hiding With(int x, string got) { ((Hidden)this).X = x; ((Hidden)this).Low = Low!.Length; Got = got; WithHidden(3); return this; } }
        public class Early { public int Id { get; set; } }
        public class Late(int id) : Early { public new int Id { get; } = id; public static Late Of(int early, int late) { Late made = new(late); ((Early)made).Id = early; return made; } }
        public class Outer<T>
        {
            public class Inner<U> where U : notnull { public T? A { get; private set; } public U? B { get; } public static Inner<U> Of(T a) => new() { A = a }; }
            public class Plain { public T? A { get; private set; } public static Plain Of(T a) => new() { A = a }; }
            public struct Gaps { private byte _a; private T _b; public Gaps(byte a, T b) { _a = a; _b = b; } public override string ToString() => $"{_a}{_b}"; }
        }

        public static class Work
        {
            [ProcessTarget] public static string Counter(Counter value) => $"{value.Count}";
            [ProcessTarget] public static string Blocks(Blocks value) => $"{value.A} {value.B}";
            [ProcessTarget] public static string Place(Place value) => $"{value.X} {value.Y}";
            [ProcessTarget] public static string Pair(Pair value) => $"{value.First} {value.Second}";
            [ProcessTarget] public static string Derived(Derived value) => $"{value.Value} {value.Text}";
            [ProcessTarget] public static string Generic(Generic<string> value) => $"{value.Value}";
            [ProcessTarget] public static string Node(Node value) => $"{ReferenceEquals(value, value.Next!.Next)}";
            [ProcessTarget] public static string Sum(Sum value) => $"{value.Total}";
            [ProcessTarget] public static string Bag(Bag value) => $"{string.Join(",", value)} {value.Name is null}";
            [ProcessTarget] public static string Needed(Needed value) => $"{value.Name} {value.Count}";
            [ProcessTarget] public static string Sure(Sure value) => $"{value.Name} {value.Text}";
            [ProcessTarget] public static string Old(Old value) => $"{value.Value}";
            [ProcessTarget] public static string Hiding(Hiding value) { Hidden hidden = value; return $"{hidden.X} {hidden.Low} {hidden.Init} {hidden.Got} {hidden.Kept} {value.X} {value.Init} {value.Got} {value.Kept}"; }
            [ProcessTarget] public static string Late(Late value) => $"{((Early)value).Id} {value.Id}";
            [ProcessTarget] public static string Nested(Outer<int>.Inner<string> a, Outer<string>.Plain b, Outer<long>.Gaps c, Outer<bool>.Gaps[] d) => $"{a.A} {b.A} {c} {d[0]}";
            public static ProcessCall<string> Make(string name)
            {
                Counter counter = new();
                counter.Add();
                counter.Add();
                Node node = new();
                return name switch
                {
                    "Counter" => WorkTargets.Counter(counter),
                    "Blocks" => WorkTargets.Blocks(new Blocks().With()),
                    "Place" => WorkTargets.Place(new Place().With()),
                    "Pair" => WorkTargets.Pair(global::Pair.Of("f", 2)),
                    "Derived" => WorkTargets.Derived(new Derived().With(5, "t")),
                    "Generic" => WorkTargets.Generic(new Generic<string>().With("g")),
                    "Node" => WorkTargets.Node(node.With(new Node().With(node))),
                    "Nested" => WorkTargets.Nested(Outer<int>.Inner<string>.Of(5), Outer<string>.Plain.Of("p"), new(1, 2), new Outer<bool>.Gaps[] { new(3, true) }),
                    "Needed" => WorkTargets.Needed(new Needed { Name = "n", Count = 1 }),
                    "Sure" => WorkTargets.Sure(new Sure().With()),
                    "Old" => WorkTargets.Old(global::Old.Of(7)),
                    "Hiding" => WorkTargets.Hiding(new Hiding { X = "x", Init = "i" }.With(1, "g")),
                    "Late" => WorkTargets.Late(global::Late.Of(3, 5)),
                    "Sum" => WorkTargets.Sum(new Sum { A = 1, B = 2 }),
                    _ => WorkTargets.Bag(new Bag { Name = "n" }.With(1, 2)),
                };
            }

            private static Bag With(this Bag bag, params int[] items) { bag.AddRange(items); return bag; }
        }
        """);

    [TestCase("Counter", "2")]
    [TestCase("Blocks", "a b")]
    [TestCase("Place", "3 y")]
    [TestCase("Pair", "f 2")]
    [TestCase("Derived", "5 t")]
    [TestCase("Generic", "g")]
    [TestCase("Node", "True")]
    [TestCase("Nested", "5 p 12 3True")]
    [TestCase("Sum", "3")]
    [TestCase("Needed", "n 1")]
    [TestCase("Sure", "n t")]
    [TestCase("Old", "7")]
    [TestCase("Hiding", "1 3 0 3 4 x i g k")]
    [TestCase("Late", "3 5")]
    [TestCase("Bag", "1,2 True")]
    public async Task What_a_property_shows_is_there_again(string name, string shown) =>
        Assert.That((await FarSide.RunAsync(App.Call("Work", "Make", name))).Result, Is.EqualTo(shown));

    /// <summary>Accessors repeat the type parameters of what they reach into, with their constraints.</summary>
    [TestCase("Outer<int>.Same<string>", "class Outer<T> { internal class Same<T> { public T? A { get; private set; } } }")]
    [TestCase("Outer<int>.Same<string>", "class Outer<T> where T : struct { internal class Same<T> where T : IComparable<T> { public T? A { get; } public List<T[]>? B { get; private set; } } }")]
    [TestCase("Box<string>", "class Box<Set> where Set : class, IEnumerable<char> { public Set? V { get; private set; } }")]
    [TestCase("Box<string>", "class Box<Member0> { public Member0? V { get; private set; } }")]
    public void A_type_parameter_may_be_called_like_anything(string type, string declarations) => GeneratorRun.Of(
        $"#pragma warning disable CS0693\nstatic class Work {{ [ProcessTarget] internal static void F({type} value) {{ }} }} {declarations}").AssertCompiles();
}
