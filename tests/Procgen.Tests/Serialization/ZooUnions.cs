using System.Text.Json.Serialization;

namespace Procgen.Tests.Serialization;

// Closed hierarchies of every make.
[ProcessUnion(3, typeof(Circle))]
[ProcessUnion(7, typeof(Polygon))]
[ProcessUnion(300, typeof(Labelled<int>))]
internal abstract record Shape(string Color);

internal sealed record Circle(string Color, double Radius) : Shape(Color);

internal record Polygon(string Color, int[] Corners) : Shape(Color);

internal sealed record Star(string Color, int[] Corners) : Polygon(Color, Corners);

internal sealed record Labelled<T>(string Color, T Label) : Shape(Color);

[ProcessUnion(0, typeof(OpenBase))]
[ProcessUnion(1, typeof(OpenDerived))]
internal class OpenBase
{
    public int Number;
    public OpenBase? Next;
}

internal sealed class OpenDerived : OpenBase
{
    public string? Text;
}

[JsonDerivedType(typeof(Cat), "cat")]
[JsonDerivedType(typeof(Bird), "bird")]
internal interface IPet;

internal sealed class Cat : IPet
{
    public int Lives = 9;
}

internal struct Bird : IPet
{
    public double Span;
}

[JsonDerivedType(typeof(Leaf), 5)]
[JsonDerivedType(typeof(Branch), 2)]
internal abstract class Plant;

internal sealed class Leaf : Plant
{
    public bool IsGreen;
}

internal sealed class Branch : Plant
{
    public List<Plant> Parts = [];
}
