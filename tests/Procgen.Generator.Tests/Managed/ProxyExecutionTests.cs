using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Managed;

/// <summary>Generated proxies at work, with their server on a thread of this process.</summary>
public sealed class ProxyExecutionTests
{
    [Test]
    public void Members_with_the_names_of_the_language_of_the_base_class_and_of_the_generator()
    {
        LoadedApp app = LoadedApp.Of("""
            namespace @namespace
            {
                [ManagedObject]
                internal class @class
                {
                    public int @int(int @params, int target, int writer, int cancellationToken) => @params + target + writer + cancellationToken;
                    public int @event { get; set; }
                    public string IsSameObject() => "mine";
                    public int Create() => 1;
                    public int Calls { get; set; } = 2;
                    public int CallMember(int value) => value;
                    public int Foo(int a) => a;
                    public int Foo(int a, CancellationToken stop) => stop.IsCancellationRequested ? 0 : a + 1;
                    public int Foo(long a) => (int)a + 2;
                    public Task<int> GetFooAsync() => Task.FromResult(5);
                    public int GetFoo() => 4;
                    public ValueTask<string?> Name() => new((string?)null);
                    public int Optional(int a, string b = "x", int c = 3) => a + b.Length + c;
                }
            }
            internal static class Test
            {
                public static string Run()
                {
                    using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { StartMethod = StartMethod.InProcess });
                    using @namespace.classProxy proxy = @namespace.classProxy.Create_(manager);
                    proxy.@event = 7;
                    proxy.SetCallsAsync(3).Wait();
                    return string.Join(' ', proxy.@int(1, 2, 3, 4), proxy.@event, proxy.IsSameObject(), proxy.Create(), proxy.Calls, proxy.CallMember(8),
                        proxy.Foo(1), proxy.Foo(1L), proxy.FooAsync(1).Result, proxy.GetFoo(), proxy.GetFooAsync().Result, proxy.Name().Result ?? "null", proxy.Optional(1), proxy.OptionalAsync(1, c: 4).Result);
                }
            }
            """);
        Assert.That(app.Call("Test", "Run"), Is.EqualTo("10 7 mine 1 3 8 2 3 2 4 5 null 5 6"));
    }

    [Test]
    public void Members_of_base_classes_and_of_constructors()
    {
        LoadedApp app = LoadedApp.Of("""
            internal record struct Point(int X, int Y);
            internal abstract class Shape
            {
                public virtual string Kind => "shape";
                public abstract double Area();
                public int Hidden() => 1;
                public Dictionary<string, List<Point>> Corners { get; } = [];
            }
            [ManagedObject]
            internal class Square : Shape
            {
                private readonly double _side;
                public Square(double side = 2) => _side = side;
                public Square(Point from, Point to) : this(to.X - from.X) => Corners["all"] = [from, to];
                internal Square(string text, CancellationToken stop = default) : this(text.Length) => _ = stop;
                public override string Kind => "square";
                public override double Area() => _side * _side;
                public new int Hidden() => 2;
            }
            internal static class Test
            {
                public static string Run()
                {
                    using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { StartMethod = StartMethod.InProcess });
                    using SquareProxy a = manager.CreateSquare();
                    using SquareProxy b = manager.CreateSquareAsync(new Point(1, 1), new Point(4, 4)).Result;
                    using SquareProxy c = manager.CreateSquare("four");
                    return FormattableString.Invariant($"{a.Area()} {b.Area()} {c.Area()} {a.Kind} {a.Hidden()} {b.Corners["all"][1].Y}");
                }
            }
            """);
        Assert.That(app.Call("Test", "Run"), Is.EqualTo("4 9 16 square 2 4"));
    }

    [Test]
    public void Records_and_proxies_that_two_namespaces_have()
    {
        LoadedApp app = LoadedApp.Of("""
            namespace One { [ManagedObject] internal record Thing(int Number) { public string? Text { get; init; } public Task<string> ToStringAsync() => Task.FromResult(ToString()); } }
            namespace Two { [ManagedObject] internal class Thing { public int Twice(One.ThingProxy other) => other.Number * 2; } }
            internal static class Test
            {
                [ProcessTarget] internal static int Add(One.ThingProxy one, Two.ThingProxy two) => one.Number + two.Twice(one);
                public static string Run()
                {
                    using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { StartMethod = StartMethod.InProcess });
                    using One.ThingProxy one = One.ThingProxy.Create(manager, 21);
                    using Two.ThingProxy two = Two.ThingProxy.Create(manager);
                    ManagedList<One.ThingProxy> list = manager.CreateList<One.ThingProxy>();
                    list.Add(one);
                    return $"{two.Twice(list[0])} {one.Text ?? "null"} {one.ToStringAsync().Result} {TestTargets.Add(one, two).InvokeAsync().Result}";
                }
            }
            """);
        Assert.That(app.Call("Test", "Run"), Is.EqualTo("42 null Thing { Number = 21, Text =  } 63"));
    }

    [Test]
    public void A_client_of_another_build_is_told_so()
    {
        const string Source = """
            [ManagedObject] internal class Thing { public int F() => 1; }
            internal static class Test
            {
                public static ProcessManager Start() => ProcessManager.Start(new ProcessManagerOptions { StartMethod = StartMethod.InProcess });
                public static object Make(ProcessManager manager) => manager.CreateThing();
                public static void Publish(ProcessManager manager, object thing) => manager.Publish("thing", (ThingProxy)thing);
                public static int FindAndCall(ProcessManager manager) => manager.Find<ThingProxy>("thing").F();
            }
            """;
        LoadedApp server = LoadedApp.Of(Source);
        LoadedApp client = LoadedApp.Of(Source);
        using var manager = (ProcessManager)server.Call("Test", "Start")!;
        server.Call("Test", "Publish", manager, server.Call("Test", "Make", manager));
        Assert.That(server.Call("Test", "FindAndCall", manager), Is.EqualTo(1));
        Exception? thrown = Assert.Throws<System.Reflection.TargetInvocationException>(() => client.Call("Test", "FindAndCall", manager))!.InnerException;
        Assert.That(thrown, Is.TypeOf<ProcgenException>().With.Message.Contains("another build"));
    }
}
