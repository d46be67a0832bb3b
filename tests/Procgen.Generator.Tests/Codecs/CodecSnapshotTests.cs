using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Codecs;

/// <summary>Emitted codecs as text: one of each kind.</summary>
public sealed class CodecSnapshotTests
{
    [Test]
    public void A_class_with_members_of_many_kinds() => Snapshot.Match(GeneratorRun.Of("""
        #pragma warning disable CS1591
        namespace Shop;
        public class Order(int id)
        {
            public int Id => id;
            public required string Name { get; init; }
            public List<Line>? Lines { get; set; }
            public Guid? Customer;
            public double Sum { get; private set; }
            public ProcessCall<int>? Then { get; set; }
        }
        public readonly record struct Line((string, int) Item, decimal Price);
        static class Work { [ProcessTarget] public static void Place(Order order) { } }
        """).AssertCompiles());

    [Test]
    public void A_closed_hierarchy() => Snapshot.Match(GeneratorRun.Of("""
        #pragma warning disable CS1591
        [ProcessUnion(0, typeof(Circle)), ProcessUnion(1, typeof(Group))] public abstract record Shape;
        public sealed record Circle(double Radius) : Shape;
        public record Group(Shape[] Parts) : Shape;
        static class Work { [ProcessTarget] public static Shape Grow(Shape shape) => shape; }
        """).AssertCompiles());

    [Test]
    public void A_graph() => Snapshot.Match(GeneratorRun.Of("""
        #pragma warning disable CS1591
        [PreserveReferences] public class Node { public Node? Parent { get; set; } public List<Node> Children { get; init; } = new(); }
        static class Work { [ProcessTarget] public static void Walk(Node node) { } }
        """).AssertCompiles());

    [Test]
    public void A_struct_with_gaps_and_bools() => Snapshot.Match(GeneratorRun.Of("""
        #pragma warning disable CS1591
        public readonly struct Move(bool isCheck, int square) { private readonly bool _isCheck = isCheck; public int Square => square; public bool? IsMate { get; init; } public override string ToString() => $"{_isCheck}"; }
        static class Work { [ProcessTarget] public static Move[] Play(Move move) => [move]; }
        """).AssertCompiles());
}
