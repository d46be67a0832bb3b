using System.Globalization;
using System.Text;

namespace Procgen.Package.Tests;

/// <summary>Each family of types, as an argument and a result of a target of its own, in an app that has only the package.</summary>
public sealed class FamiliesTests
{
    private static readonly (string Type, string Value)[] Families =
    [
        ("bool", "true"), ("char", "'x'"), ("sbyte", "-1"), ("ushort", "65535"), ("long", "long.MinValue"), ("Half", "(Half)1.5"), ("double", "double.Epsilon"),
        ("Int128", "Int128.MinValue"), ("UInt128", "UInt128.MaxValue"), ("nint", "-5"), ("decimal", "1.10m"), ("string", "\"naïve 🐈\""), ("string?", "null"),
        ("Rune", "new Rune(0x1F408)"), ("Guid", "Guid.Parse(\"00112233-4455-6677-8899-aabbccddeeff\")"), ("DateTime", "new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc)"),
        ("DateTimeOffset", "new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(2))"), ("DateOnly", "new DateOnly(2024, 2, 29)"), ("TimeOnly", "new TimeOnly(1, 2, 3)"),
        ("TimeSpan", "TimeSpan.FromTicks(7)"), ("TimeZoneInfo", "TimeZoneInfo.Utc"), ("BigInteger", "BigInteger.Pow(3, 200)"), ("Complex", "new Complex(1, -2)"), ("Vector3", "new Vector3(1, 2, 3)"),
        ("Uri", "new Uri(\"http://localhost/a?b\")"), ("Version", "new Version(1, 2, 3, 4)"), ("CultureInfo", "CultureInfo.InvariantCulture"), ("StringBuilder", "new StringBuilder(\"built\")"),
        ("DayOfWeek", "DayOfWeek.Friday"), ("int?", "5"), ("int?", "null"), ("(int, string)", "(1, \"one\")"), ("Tuple<int, string>", "Tuple.Create(1, \"one\")"), ("KeyValuePair<string, int>", "new(\"a\", 1)"),
        ("int[]", "[1, 2, 3]"), ("string[]", "[\"a\", \"b\"]"), ("int[,]", "new int[,] { { 1, 2 }, { 3, 4 } }"), ("int[][]", "[[1], [2, 3]]"), ("Memory<byte>", "new byte[] { 1, 2 }"),
        ("ReadOnlyMemory<int>", "new int[] { 1, 2 }"), ("ArraySegment<int>", "new ArraySegment<int>([1, 2, 3], 1, 2)"), ("ReadOnlySequence<byte>", "new ReadOnlySequence<byte>([1, 2, 3])"), ("BitArray", "new BitArray([true, false, true])"),
        ("List<string>", "[\"a\", \"b\"]"), ("Stack<int>", "new Stack<int>([1, 2])"), ("Queue<int>", "new Queue<int>([1, 2])"), ("HashSet<int>", "[3, 1]"), ("SortedSet<int>", "[3, 1]"), ("LinkedList<int>", "new LinkedList<int>([1, 2])"),
        ("PriorityQueue<string, int>", "new PriorityQueue<string, int>([(\"a\", 1)])"), ("ObservableCollection<int>", "[1, 2]"), ("ConcurrentQueue<int>", "new ConcurrentQueue<int>([1, 2])"), ("ConcurrentDictionary<int, int>", "new ConcurrentDictionary<int, int> { [1] = 2 }"),
        ("ImmutableArray<int>", "[1, 2]"), ("ImmutableList<int>", "[1, 2]"), ("ImmutableDictionary<int, int>", "ImmutableDictionary<int, int>.Empty.Add(1, 2)"), ("FrozenSet<int>", "new[] { 1, 2 }.ToFrozenSet()"), ("FrozenDictionary<int, int>", "new Dictionary<int, int> { [1] = 2 }.ToFrozenDictionary()"),
        ("byte", "(byte)200"), ("short", "(short)-5"), ("int", "-7"), ("uint", "7u"), ("ulong", "ulong.MaxValue"), ("float", "1.5f"), ("nuint", "(nuint)5"), ("Matrix4x4", "Matrix4x4.Identity"), ("Quaternion", "new Quaternion(1, 2, 3, 4)"), ("Plane", "new Plane(1, 2, 3, 4)"),
        ("bool[]", "[true, false]"), ("int[,,,]", "new int[1, 2, 1, 2]"), ("(int, int, int, int, int, int, int, int, int)", "(1, 2, 3, 4, 5, 6, 7, 8, 9)"), ("(bool, long)?", "(true, 5L)"), ("Status", "Status.Big"),
        ("ICollection<int>", "[1, 2]"), ("ISet<int>", "new HashSet<int> { 1 }"), ("ReadOnlyCollection<int>", "new ReadOnlyCollection<int>([1, 2])"), ("ConcurrentStack<int>", "new ConcurrentStack<int>([1, 2])"), ("ConcurrentBag<int>", "new ConcurrentBag<int>([1])"),
        ("ImmutableSortedSet<int>", "[2, 1]"), ("ImmutableStack<int>", "ImmutableStack.Create(1, 2)"), ("SortedList<int, int>", "new() { [1] = 2 }"), ("ReadOnlyDictionary<int, int>", "new ReadOnlyDictionary<int, int>(new Dictionary<int, int> { [1] = 2 })"),
        ("IGrouping<int, string>", "new[] { \"a\", \"b\" }.GroupBy(word => word.Length).Single()"), ("IPet", "new Cat { Name = \"c\" }"), ("Coded", "new Coded(5)"), ("Point[]", "[new Point(1, 2)]"), ("Flagged[]", "[new Flagged(true, 5)]"),
        ("Dictionary<string, int>", "new() { [\"a\"] = 1 }"), ("SortedDictionary<int, int>", "new() { [1] = 2 }"), ("IReadOnlyList<int>", "[1, 2]"), ("IReadOnlyDictionary<int, int>", "new Dictionary<int, int> { [1] = 2 }"), ("IReadOnlyCollection<int>", "[1, 2]"),
        ("ILookup<int, string>", "new[] { \"a\", \"bb\", \"c\" }.ToLookup(word => word.Length)"), ("Lazy<int>", "new Lazy<int>(() => 5)"),
        ("Plain", "new Plain { Name = \"n\", Values = [1, 2] }"), ("Point", "new Point(1, 2)"), ("Pair<Point, string>", "new(new Point(1, 2), \"p\")"), ("Shape", "new Circle(2)"), ("Shape[]", "[new Circle(2), new Square(3)]"),
        ("Derived", "new Derived { Base = 1, Own = 2 }"), ("Pixel[]", "[new Pixel { R = 1, G = 2 }]"), ("Secretive", "new Secretive { Kept = 1 }"), ("Node", "Node.Ring()"),
    ];

    private const string Types = """
        public sealed class Plain
        {
            public required string Name { get; init; }
            public List<int> Values { get; set; } = [];
            public override string ToString() => Name + Show.Text(Values);
        }

        public readonly record struct Point(int X, int Y);
        public sealed record Pair<TFirst, TSecond>(TFirst First, TSecond Second);

        [ProcessUnion(0, typeof(Circle)), ProcessUnion(1, typeof(Square))]
        public abstract record Shape;
        public sealed record Circle(double Radius) : Shape;
        public sealed record Square(double Side) : Shape;

        public class Ancestor { public int Base { get; set; } }
        public sealed class Derived : Ancestor { public int Own; public override string ToString() => $"{Base} {Own}"; }
        public struct Pixel { public byte R, G; public override readonly string ToString() => $"{R} {G}"; }

        public sealed class Secretive
        {
            public int Kept { get; set; }
            [ProcessIgnore] public Stream? Left { get; set; }
            public override string ToString() => $"{Kept} {Left is null}";
        }

        public enum Status : ulong { Big = ulong.MaxValue }
        public readonly record struct Flagged(bool IsSet, int Value);

        [JsonDerivedType(typeof(Cat), 1)]
        public interface IPet { string Name { get; set; } }
        public sealed class Cat : IPet { public string Name { get; set; } = ""; public override string ToString() => Name; }

        [ProcessCodec(typeof(CodedCodec))]
        public sealed class Coded(int hidden) { public int Reveal() => hidden; public override string ToString() => $"{hidden}"; }
        public sealed class CodedCodec : Codec<Coded>
        {
            public override void Write(ref PayloadWriter writer, Coded value) => writer.WriteUnmanaged(value.Reveal());
            public override Coded Read(ref PayloadReader reader) => new(reader.ReadUnmanaged<int>());
        }

        [PreserveReferences]
        public sealed class Node
        {
            public Node? Next { get; set; }
            public static Node Ring() { var first = new Node(); first.Next = new Node { Next = first }; return first; }
            public override string ToString() => $"a ring: {Next!.Next == this}";
        }

        static class Show
        {
            public static string Text(object? value) => value switch
            {
                null => "null",
                string text => text,
                PriorityQueue<string, int> queue => Text(queue.UnorderedItems),
                ReadOnlySequence<byte> sequence => Text(sequence.ToArray()),
                Memory<byte> memory => Text(memory.ToArray()),
                ReadOnlyMemory<int> memory => Text(memory.ToArray()),
                Lazy<int> lazy => Text(lazy.Value),
                IGrouping<int, string> group => group.Key + ":" + string.Join(",", group),
                IEnumerable sequence => "[" + string.Join(", ", sequence.Cast<object?>().Select(Text)) + "]",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString()!,
            };
        }
        """;

    [Test]
    public async Task Every_family_of_types_crosses_to_a_child_and_back()
    {
        using var folder = new FreshFolder();
        folder.AddProgram("App", Program());

        ToolResult result = await folder.RunAsync("App");

        Assert.That(result.Lines, Is.EqualTo(new[] { $"{Families.Length} families crossed" }));
    }

    [Test]
    public async Task Every_family_of_types_crosses_between_native_executables()
    {
        NativeCompiler.AssumeIsThere();
        using var folder = new FreshFolder(NativeCompiler.Framework);
        folder.AddProgram("App", Program());

        ToolCommand app = await folder.PublishAsync("App", NativeCompiler.Properties);
        ToolResult result = await app.RunAsync();

        Assert.That(result.Lines, Is.EqualTo(new[] { $"{Families.Length} families crossed" }));
    }

    private static string Program()
    {
        var calls = new StringBuilder();
        var targets = new StringBuilder();
        for (int i = 0; i < Families.Length; i++)
        {
            (string type, string value) = Families[i];
            calls.AppendLine(CultureInfo.InvariantCulture, $"await Check({i}, \"{type}\", ({type})({value}), x => WorkTargets.Echo{i}(x));");
            targets.AppendLine(CultureInfo.InvariantCulture, $"    [ProcessTarget] public static {type} Echo{i}({type} x) => x;");
        }

        return $$"""
            using System.Buffers;
            using System.Collections;
            using System.Collections.Concurrent;
            using System.Collections.Frozen;
            using System.Collections.Immutable;
            using System.Collections.ObjectModel;
            using System.Globalization;
            using System.Numerics;
            using System.Text;
            using System.Text.Json.Serialization;
            using Procgen;
            using Procgen.CompilerServices;

            int crossed = 0;
            {{calls}}
            Console.WriteLine($"{crossed} families crossed");

            async Task Check<T>(int index, string type, T value, Func<T, ProcessCall<T>> call)
            {
                try
                {
                    using var child = ChildProcess.Start(call(value));
                    T back = await child.Completion;
                    if (Show.Text(back) == Show.Text(value)) crossed++;
                    else Console.WriteLine($"{type}: {Show.Text(value)} came back as {Show.Text(back)}");
                }
                catch (Exception error)
                {
                    Console.WriteLine($"{type}: {error.GetType().Name} {error.Message}");
                }
            }

            static class Work
            {
            {{targets}}
            }

            {{Types}}
            """;
    }
}
