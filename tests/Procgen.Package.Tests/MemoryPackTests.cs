namespace Procgen.Package.Tests;

/// <summary>
/// An app that references the real MemoryPack: what it marks [MemoryPackable] crosses through MemoryPack's own formatters.
/// <c>PROCGEN_MEMORYPACK=1</c> runs it, where the package can be restored; a stand-in with MemoryPack's public names takes
/// its place in the generator's tests.
/// </summary>
public sealed class MemoryPackTests
{
    private const string Version = "1.21.4";

    private const string Program = """
        using MemoryPack;
        using Procgen;

        var order = Order.Make(7, "secret");
        using var child = ChildProcess.Start(WorkTargets.Process(order, new Plain { Order = order, Inners = [new() { Name = "first" }, null], Label = new Label("l") }));
        Plain back = await child.Completion;
        Console.WriteLine($"{back.Order} {string.Join(",", back.Inners.Select(inner => inner?.Name ?? "null"))} {back.Label?.Text}");
        Console.WriteLine(await ChildProcess.Start(WorkTargets.Area(new Circle { Radius = 2 })).Completion);
        Console.WriteLine(await ChildProcess.Start(WorkTargets.Area(new Square { Side = 3 })).Completion);
        Box<Order>? box = await ChildProcess.Start(WorkTargets.Pack(new Tolerant { First = 1, Second = "two" }, order)).Completion;
        Console.WriteLine($"{box!.Item} {box.Note}");
        Console.WriteLine(await ChildProcess.Start(WorkTargets.None(null)).Completion);

        [MemoryPackable]
        public partial class Order
        {
            [MemoryPackInclude]
            private string _secret = "";

            public int Id { get; set; }

            [MemoryPackIgnore]
            public string Cached { get; set; } = "not cached";

            public static Order Make(int id, string secret) => new() { Id = id, _secret = secret, Cached = "cached" };

            public override string ToString() => $"{Id} {_secret} {Cached}";
        }

        public partial class Outer
        {
            [MemoryPackable]
            public partial class Inner
            {
                public string Name { get; set; } = "";
            }
        }

        [MemoryPackable]
        public partial struct Label
        {
            public string Text;

            public Label(string text) => Text = text;
        }

        [MemoryPackable(GenerateType.VersionTolerant)]
        public partial class Tolerant
        {
            [MemoryPackOrder(0)]
            public int First { get; set; }

            [MemoryPackOrder(1)]
            public string Second { get; set; } = "";
        }

        [MemoryPackable]
        [MemoryPackUnion(0, typeof(Circle))]
        [MemoryPackUnion(1, typeof(Square))]
        public partial interface IShape
        {
        }

        [MemoryPackable]
        public partial class Circle : IShape
        {
            public int Radius { get; set; }
        }

        [MemoryPackable]
        public partial class Square : IShape
        {
            public int Side { get; set; }
        }

        [MemoryPackable]
        public partial class Box<T>
        {
            public T? Item { get; set; }

            public string Note { get; set; } = "";
        }

        // Procgen's own codec, with MemoryPack's inside.
        public sealed class Plain
        {
            public Order? Order { get; set; }

            public List<Outer.Inner?> Inners { get; set; } = [];

            public Label? Label { get; set; }
        }

        static class Work
        {
            [ProcessTarget] public static Plain Process(Order order, Plain plain) => new() { Order = order, Inners = plain.Inners, Label = new Label(plain.Label?.Text + plain.Order) };
            [ProcessTarget] public static int Area(IShape shape) => shape is Circle circle ? circle.Radius * circle.Radius * 3 : ((Square)shape).Side * ((Square)shape).Side;
            [ProcessTarget] public static Box<Order>? Pack(Tolerant tolerant, Order? order) => new() { Item = order, Note = tolerant.First + tolerant.Second };
            [ProcessTarget] public static bool None(Order? order) => order is null;
        }
        """;

    [Test]
    public async Task What_the_real_MemoryPack_is_marked_for_crosses_through_its_own_formatters()
    {
        if (Environment.GetEnvironmentVariable("PROCGEN_MEMORYPACK") != "1") Assert.Ignore("PROCGEN_MEMORYPACK=1 runs this with the real MemoryPack package.");
        string reference = $"""<ItemGroup><PackageReference Include="MemoryPack" Version="{Version}" /></ItemGroup>""";

        // Its output names the registry: it is not for a report.
        ToolResult restore = await FreshFolder.FetchAsync("net10.0", reference);
        if (restore.ExitCode != 0) Assert.Ignore($"Skipped: the package MemoryPack {Version} cannot be restored on this machine.");

        using var folder = new FreshFolder();
        folder.AddProgram("App", Program, FreshFolder.PackageReference + reference);
        ToolResult result = await folder.RunAsync("App");

        string[] expected =
        [
            "7 secret not cached first,null l7 secret not cached",
            "12",
            "9",
            "7 secret not cached 1two",
            "True",
        ];
        Assert.That(result.Lines, Is.EqualTo(expected));
        Assert.That(result.ExitCode, Is.Zero);
    }
}
