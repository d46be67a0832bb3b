using System.Reflection;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Codecs;

/// <summary>Collections of the user's own, above all those that hold themselves.</summary>
public sealed class OwnCollectionTests
{
    private const int Limit = 1000;

    // Each type is asked about from its own target, so that every one of a circle is once the first to be met.
    private static readonly LoadedApp App = LoadedApp.Of("""
        #pragma warning disable CS1591
        using System.Collections.ObjectModel;
        using System.Linq;

        public class Tree : List<Tree?> { }
        public class Folder : Dictionary<string, Folder> { }
        public class Grove : List<Tree[]> { }
        public class Ring : Collection<Ring[]?> { }
        public class Left : List<Right> { }
        public class Right : HashSet<Left> { }
        public class Pairs : List<(Pairs? First, Turns? Second)> { }
        public class Turns : List<KeyValuePair<int, Pairs>> { }
        public class Forest : LinkedList<Plot> { }
        public record Plot(string Name, Forest? Inner, Dictionary<int, Forest>? More);
        public class Cells : List<Cell?> { }
        public readonly record struct Cell(string Text, Cells? Inner);
        public class Generic<T> : List<Generic<T>> { }
        public class Owners : List<Owner> { }
        public class Owner { public Owners Owned { get; } = new(); public string? Name; }
        public class Lazies : List<Lazy<Lazies>> { }
        [ProcessUnion(0, typeof(Many)), ProcessUnion(1, typeof(One))] public interface IPart { }
        public class Many : List<IPart> , IPart { }
        public sealed record One(int Number) : IPart;

        public static class Work
        {
            public static Tree MakeTree() => new() { new(), null, new() { new(), new() { new() } } };
            public static Folder MakeFolder() => new() { ["a"] = new() { ["b"] = new() }, ["c"] = new() };
            public static Grove MakeGrove() => new() { new[] { MakeTree(), new Tree() }, new Tree[0] };
            public static Ring MakeRing() => new() { new[] { new Ring(), new Ring { null } }, null };
            public static Left MakeLeft() => new() { new Right { new Left() } };
            public static Right MakeRight() => new() { new Left { new Right() } };
            public static Pairs MakePairs() => new() { (null, new Turns { new(1, new Pairs()) }), (new Pairs(), null) };
            public static Turns MakeTurns() => new() { new(5, MakePairs()) };
            public static Forest MakeForest() { Forest made = new(); made.AddLast(new Plot("p", new Forest(), new() { [1] = new Forest() })); return made; }
            public static Cells MakeCells() => new() { new Cell("x", new Cells { null }), null };
            public static Generic<int> MakeGeneric() => new() { new(), new() { new() } };
            public static Owners MakeOwners() => new() { new Owner { Name = "n" } };
            public static Lazies MakeLazies() => new() { new Lazy<Lazies>(() => new Lazies()) };
            public static Many MakeMany() => new() { new One(1), new Many { new One(2) } };

            [ProcessTarget] public static Tree Tree(Tree value) => value;
            [ProcessTarget] public static Folder Folder(Folder value) => value;
            [ProcessTarget] public static Grove Grove(Grove value) => value;
            [ProcessTarget] public static Ring Ring(Ring value) => value;
            [ProcessTarget] public static Left Left(Left value) => value;
            [ProcessTarget] public static Right Right(Right value) => value;
            [ProcessTarget] public static Pairs Pairs(Pairs value) => value;
            [ProcessTarget] public static Turns Turns(Turns value) => value;
            [ProcessTarget] public static Forest Forest(Forest value) => value;
            [ProcessTarget] public static Cells Cells(Cells value) => value;
            [ProcessTarget] public static Generic<int> Generic(Generic<int> value) => value;
            [ProcessTarget] public static Owners Owners(Owners value) => value;
            [ProcessTarget] public static Lazies Lazies(Lazies value) => value;
            [ProcessTarget] public static Many Many(Many value) => value;
            [ProcessTarget] public static Dictionary<string, Tree> Map(Dictionary<string, Tree> value) => value;

            public static Dictionary<string, Tree> MakeMap() => new() { ["t"] = MakeTree() };
            public static Tree Chain(int depth) { Tree top = new(); for (int i = 1; i < depth; i++) top = new Tree { top }; return top; }
            public static Folder Deep(int depth) { Folder top = new(); for (int i = 1; i < depth; i++) top = new Folder { ["in"] = top }; return top; }
            public static Tree Circle() { Tree top = new(); top.Add(top); return top; }
            public static Procgen.CompilerServices.Codec<Tree> TreeCodec() => Procgen.CompilerServices.Codecs.Get<Tree>();
            public static void Queue(ProcessQueue<Tree> queue, ProcessQueue<Folder> folders) { }
        }
        """);

    [Test]
    public async Task A_collection_that_holds_itself_crosses(
        [Values("Tree", "Folder", "Grove", "Ring", "Left", "Right", "Pairs", "Turns", "Forest", "Cells", "Generic", "Owners", "Lazies", "Many", "Map")] string name)
    {
        object made = App.Call("Work", "Make" + name)!;
        FarSide far = await FarSide.RunAsync(App.Call("WorkTargets", name, made));
        Assert.That(far.Result, Is.Not.SameAs(made).And.TypeOf(made.GetType()));
        Assert.That(Show(far.Result), Is.EqualTo(Show(made)));
    }

    [Test]
    public async Task A_thousand_in_each_other_cross([Values("Chain", "Deep")] string make)
    {
        object made = App.Call("Work", make, Limit)!;
        FarSide far = await FarSide.RunAsync(App.Call("WorkTargets", made.GetType().Name, made));
        Assert.That(Show(far.Result), Is.EqualTo(Show(made)));
    }

    [Test]
    public void More_are_refused_on_writing([Values("Chain", "Deep")] string make, [Values(Limit + 1, 100_000)] int depth)
    {
        object made = App.Call("Work", make, depth)!;
        Assert.That(
            () => FarSide.RunAsync(App.Call("WorkTargets", made.GetType().Name, made)),
            Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("1000 deep"));
    }

    [Test]
    public void One_that_holds_itself_as_an_element_is_refused() => Assert.That(
        () => FarSide.RunAsync(App.Call("WorkTargets", "Tree", App.Call("Work", "Circle"))),
        Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("1000 deep"));

    [TestCase(Limit + 1)]
    [TestCase(1_000_000)]
    public void Bytes_of_more_are_refused_on_reading(int depth)
    {
        byte[] bytes = [.. Enumerable.Repeat<byte[]>([1, 0, 0, 0], depth).SelectMany(static level => level), 0, 0, 0, 0];
        Assert.That(() => Payload.Read(App.Call("Work", "TreeCodec")!, bytes), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("1000 deep"));
    }

    [TestCase(192, false)]
    [TestCase(1024, true)]
    public void A_thread_whose_stack_is_too_small_is_told_so(int kilobytes, bool isEnough)
    {
        byte[] bytes = [.. Enumerable.Repeat<byte[]>([1, 0, 0, 0], Limit - 1).SelectMany(static level => level), 0, 0, 0, 0];
        object codec = App.Call("Work", "TreeCodec")!;
        object? read = null;
        Exception? reading = OnThread(kilobytes, () => read = Payload.Read(codec, bytes));
        Exception? writing = OnThread(kilobytes, () => Payload.Write(codec, App.Call("Work", "Chain", Limit)));
        if (isEnough)
        {
            Assert.That((reading, writing), Is.EqualTo(((Exception?)null, (Exception?)null)));
            Assert.That(Payload.Write(codec, read), Is.EqualTo(bytes));
            return;
        }

        Assert.That(reading, Is.TypeOf<ProcessSerializationException>().With.Message.Contains("the stack of this thread"));
        Assert.That(writing, Is.Null.Or.TypeOf<ProcessSerializationException>().With.Message.Contains("the stack of this thread"));
    }

    [Test]
    public void Hostile_bytes_give_one_exception_type()
    {
        Random random = new(20_261_129);
        object codec = App.Call("Work", "TreeCodec")!;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(64)];
            for (int at = 0; at < bytes.Length; at++) bytes[at] = random.Next(4) == 0 ? (byte)random.Next(256) : (byte)(random.Next(8) == 0 ? 255 : random.Next(3));
            try
            {
                Payload.Read(codec, bytes);
            }
            catch (ProcessSerializationException)
            {
            }
        }
    }

    private static Exception? OnThread(int kilobytes, Action action)
    {
        Exception? error = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception caught)
            {
                error = caught;
            }
        }, kilobytes * 1024);
        thread.Start();
        thread.Join();
        return error;
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        string or ValueType and (int or bool) => value.ToString()!,
        System.Collections.IEnumerable items => $"{value.GetType().Name}[{string.Join(", ", items.Cast<object?>().Select(Show))}]",
        _ => value.GetType().Name + "(" + string.Join(", ", value.GetType().GetMembers(BindingFlags.Public | BindingFlags.Instance)
            .Where(static member => member is FieldInfo || member is PropertyInfo { Name: not "EqualityContract" and not "IsValueCreated" } property && property.GetIndexParameters().Length == 0)
            .OrderBy(static member => member.Name, StringComparer.Ordinal)
            .Select(member => Show(member is FieldInfo field ? field.GetValue(value) : ((PropertyInfo)member).GetValue(value)))) + ")",
    };
}
