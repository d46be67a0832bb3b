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
        object worker = app.Call("Outer+Worker", "Make")!;
        object call = app.Call("Outer+Worker", "CallOf", worker)!;
        object copy = FarSide.Reopen(call).GetType().GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
            .Single(static field => field.FieldType.Name == "Worker").GetValue(FarSide.Reopen(call))!;
        Assert.That(Describe(worker), Is.EqualTo("4 worker 21 text null 5 42 84 False"));
        Assert.That(Describe(copy), Is.EqualTo("4 worker 21 text null 5 42 84 True"));

        static object? Describe(object worker) => worker.GetType().GetMethod("Describe")!.Invoke(worker, null);
    }

    [Test]
    public void What_a_generic_base_alone_can_reach_stays_behind_and_the_rest_arrives()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            public abstract class Base<T> : ChildProcess { [ProcessIgnore] private T? _value; private int _count; public T? Value => _value; public int Count => _count; public void Set(T value) { _value = value; _count = 3; } }
            [ProcessTarget]
            public partial class Worker : Base<string>
            {
                public string? Text { get; set; }
                public string Describe() => $"{Value ?? "null"} {Count} {Text}";
                public static Worker Make() { var worker = new Worker { Text = "text" }; worker.Set("v"); return worker; }
                public static ProcessCall CallOf(Worker worker) => worker.CreateRunCall();
            }
            """);
        object worker = app.Call("Worker", "Make")!;
        object read = FarSide.Reopen(app.Call("Worker", "CallOf", worker)!);
        object copy = read.GetType().GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
            .Single(static field => field.FieldType.Name == "Worker").GetValue(read)!;
        Assert.That(copy.GetType().GetMethod("Describe")!.Invoke(copy, null), Is.EqualTo("null 3 text"));
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
}
