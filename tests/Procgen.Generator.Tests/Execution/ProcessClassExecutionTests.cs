using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Execution;

/// <summary>The state of a marked process class, assigned in the child without a constructor.</summary>
public sealed class ProcessClassExecutionTests
{
    [Test]
    public void Public_state_arrives_however_it_is_declared()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            public class Base : ChildProcess { public int First { get; private set; } public void SetFirst(int value) => First = value; public virtual string Kind { get; set; } = "base"; }
            public partial class Outer
            {
                [ProcessTarget]
                public partial class Worker(int count) : Base
                {
                    public static int Constructed;
                    public static readonly int Random = ++Constructed;
                    public readonly int Count = count;
                    public required string Text { get; init; }
                    public string? Nothing { get; set; }
                    public int Limit { get; init; } = ++Constructed;
                    public long Sum { get; } = count * 2L;
                    public long Doubled => Sum * 2;
                    public override string Kind { get; set; } = "worker";
                    [ProcessIgnore] public object? Cache { get; set; } = new();
                    protected override void Run() => Text.ToString();
                    public string Describe() => $"{First} {Kind} {Count} {Text} {Nothing ?? "null"} {Limit} {Sum} {Doubled} {Cache is null}";
                    public static Worker Make() { var worker = new Worker(21) { Text = "text", Limit = 5 }; worker.SetFirst(4); return worker; }
                    public static ProcessCall CallOf(Worker worker) => worker.CreateRunCall();
                }
            }
            """);
        Assert.That(Describe(app.Call("Outer+Worker", "Make")!), Is.EqualTo("4 worker 21 text null 5 42 84 False"));
        Assert.That(Describe(Arrived(app, "Outer+Worker")), Is.EqualTo("4 worker 21 text null 5 42 84 True"));
    }

    [Test]
    public void State_of_a_generic_base_arrives_however_it_is_declared()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            public abstract class Base<T> : ChildProcess where T : notnull
            {
                private T? _value;
                private int _count;
                protected Base(T value) { Init = value; Got = value; Kept = value; Field = [value]; Text = "text"; _value = value; _count = 3; }
                public T? Init { get; init; }
                public T? Got { get; private set; }
                public T? Kept { get; }
                public readonly T[]? Field;
                public string? Text { get; private set; }
                public T? Value => _value;
                public int Count => _count;
                public void Change() { Got = Init; Text = ""; _value = Got; _count++; }
            }
            [ProcessTarget]
            public partial class Worker(string value) : Base<string>(value)
            {
                public string Describe() => $"{Init} {Got} {Kept} {Field?[0]} {Text} {Value} {Count}";
                public static Worker Make() => new("v");
                public static ProcessCall CallOf(Worker worker) => worker.CreateRunCall();
            }
            """);
        Assert.That(Describe(Arrived(app, "Worker")), Is.EqualTo("v v v v text v 3"));
    }

    [Test]
    public void Members_that_hide_others_arrive_beside_them()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            public abstract class Base : ChildProcess
            {
                protected Base() { Got = 3; Kept = 4; }
                public int X;
                public int Init { get; init; } = 2;
                public int Got { get; private set; }
                public int Kept { get; }
                public abstract int Abstract { get; }
                public virtual int Half { get; set; }
            }
            public class Middle : Base { public override int Abstract { get; } = 5; public override int Half { get => base.Half; } }
            [ProcessTarget]
            public partial class Worker : Middle
            {
                public new string? X;
                public new string? Init { get; init; } = "i";
                public new string? Got { get; private set; } = "g";
                public new string? Kept { get; } = "k";
                public string Describe() => $"{((Base)this).X} {((Base)this).Init} {((Base)this).Got} {((Base)this).Kept} {Abstract} {Half} {X} {Init} {Got} {Kept}";
                public static Worker Make() { var worker = new Worker { X = "x", Half = 6 }; ((Base)worker).X = 1; worker.Got += "!"; return worker; }
                public static ProcessCall CallOf(Worker worker) => worker.CreateRunCall();
            }
            """);
        Assert.That(Describe(Arrived(app, "Worker")), Is.EqualTo("1 2 3 4 5 6 x i g! k"));
    }

    [Test]
    public void State_that_cannot_be_encoded_after_all_is_named()
    {
        LoadedApp app = LoadedApp.Of("""
            [ProcessTarget] internal partial class Worker : ChildProcess { public int Count; public string? Text { get; set; } = "\ud800"; public static ProcessCall Make() => new Worker().CreateRunCall(); }
            """);
        object call = app.Call("Worker", "Make")!;
        Assert.That(() => FarSide.Reopen(call), Throws.TypeOf<ProcessSerializationException>().With.Property("Path").EqualTo("Text"));
    }

    [Test]
    public void Registering_a_class_runs_none_of_its_code()
    {
        LoadedApp app = LoadedApp.Of("""
            internal static class Log { public static int Entries; }
            [ProcessTarget] internal partial class Worker : ChildProcess { private static readonly int Entry = ++Log.Entries; static Worker() => _ = Entry; }
            """);
        Assert.That(app.Type("Log").GetField("Entries")!.GetValue(null), Is.Zero);
    }

    [Test]
    public void A_derived_class_without_the_attribute_is_told_so()
    {
        LoadedApp app = LoadedApp.Of("""
            internal class Derived : Worker { }
            [ProcessTarget] internal partial class Worker : ChildProcess { public static void Make() => new Derived(); }
            """);
        Exception? thrown = Assert.Throws<System.Reflection.TargetInvocationException>(() => app.Call("Worker", "Make"))!.InnerException;
        Assert.That(thrown, Is.TypeOf<InvalidOperationException>().With.Message.Contains("Derived derives from Worker"));
    }

    /// <summary>What it makes as it is in the child.</summary>
    private static object Arrived(LoadedApp app, string type)
    {
        object read = FarSide.Reopen(app.Call(type, "CallOf", app.Call(type, "Make"))!);
        return read.GetType().GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
            .Single(static field => field.FieldType.Name == "Worker").GetValue(read)!;
    }

    private static object? Describe(object worker) => worker.GetType().GetMethod("Describe")!.Invoke(worker, null);
}
