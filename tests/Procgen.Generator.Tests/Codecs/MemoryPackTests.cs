using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Codecs;

/// <summary>
/// Types marked [MemoryPackable], against a stand-in with MemoryPack's public names: its formatter is called from the
/// emitted code, also for members and elements of other types.
/// </summary>
public sealed class MemoryPackTests
{
    private const string StandIn = """
        #pragma warning disable CS1591
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.Text;
        namespace MemoryPack
        {
            [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
            public sealed class MemoryPackableAttribute : Attribute { }
            [AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true)]
            public sealed class MemoryPackUnionAttribute(ushort tag, Type type) : Attribute { public ushort Tag => tag; public Type Type => type; }
            public class MemoryPackSerializerOptions { }
            public class MemoryPackSerializationException(string message) : Exception(message) { }
            public interface IStandIn<T> { string Text(); static abstract T Parse(string text); }
            public static class Formatters { public static readonly Dictionary<Type, (Func<object, string> Write, Func<string, object> Read)> Of = new(); }
            public static class MemoryPackSerializer
            {
                public static int Calls;
                public static void Serialize<T, TBufferWriter>(in TBufferWriter output, in T? value, MemoryPackSerializerOptions? options = default) where TBufferWriter : IBufferWriter<byte>
                {
                    Calls++;
                    byte[] text = Encoding.UTF8.GetBytes(value is null ? "" : Formatters.Of[typeof(T)].Write(value));
                    output.Write(new[] { (byte)text.Length });
                    output.Write(text);
                }
                public static int Deserialize<T>(ReadOnlySpan<byte> buffer, ref T? value, MemoryPackSerializerOptions? options = default)
                {
                    Calls++;
                    if (buffer.Length == 0 || buffer.Length <= buffer[0]) throw new MemoryPackSerializationException("too short");
                    string text = Encoding.UTF8.GetString(buffer.Slice(1, buffer[0]));
                    value = text.Length == 0 ? default : (T)Formatters.Of[typeof(T)].Read(text);
                    return 1 + buffer[0];
                }
            }
        }
        """;

    private static readonly Lazy<LoadedLibrary> Library = new(static () => LoadedLibrary.Of(StandIn, "MemoryPack.Core"));

    private const string App = """
        #pragma warning disable CS1591
        using MemoryPack;
        [MemoryPackable] public partial class Packed
        {
            private string _secret = "";
            static Packed() => Formatters.Of[typeof(Packed)] = (static value => ((Packed)value)._secret, static text => new Packed { _secret = text + "!" });
            public static Packed Make(string secret) => new() { _secret = secret };
            public override string ToString() => _secret;
        }
        public class Holder { public int Before = 7; public Packed? In; public List<Packed?> Many = new(); public string After = "end"; }
        [MemoryPackUnion(4, typeof(Second))] public interface IOpen { }
        public sealed class Second : IOpen { public int X = 3; }
        public static class Work
        {
            [ProcessTarget] public static string Show(Packed packed, Holder holder) => $"{packed} {holder.Before} {holder.In} {string.Join(",", holder.Many)} {holder.After}";
            [ProcessTarget] public static IOpen Open(IOpen open) => open;
            public static ProcessCall<string> Make() => WorkTargets.Show(Packed.Make("a"), new Holder { In = Packed.Make("b"), Many = { Packed.Make("c"), null } });
        }
        """;

    private const string NestedApp = """
        #pragma warning disable CS1591
        using MemoryPack;
        public class Outer<T>
        {
            public partial class Middle
            {
                [MemoryPackable] public partial struct Inner
                {
                    private string _text;
                    static Inner() => Formatters.Of[typeof(Inner)] = (static value => ((Inner)value)._text, static text => new Inner { _text = text + typeof(T).Name });
                    public static Inner Make(string text) => new() { _text = text };
                    public override string ToString() => _text;
                }
            }
        }
        public class Nesting { public Outer<int>.Middle.Inner[] All = []; public Dictionary<string, Outer<byte>.Middle.Inner?> ByName = new(); public (Outer<int>.Middle.Inner, int) Pair; }
        public static class Work
        {
            [ProcessTarget] public static string Nest(Outer<int>.Middle.Inner inner, Nesting nesting) => $"{inner} {string.Join(",", nesting.All)} {nesting.ByName["a"]} {nesting.ByName["b"] is null} {nesting.Pair}";
            public static ProcessCall<string> MakeNested() => WorkTargets.Nest(Outer<int>.Middle.Inner.Make("a"), new Nesting
            {
                All = [Outer<int>.Middle.Inner.Make("b"), Outer<int>.Middle.Inner.Make("c")],
                ByName = { ["a"] = Outer<byte>.Middle.Inner.Make("d"), ["b"] = null },
                Pair = (Outer<int>.Middle.Inner.Make("e"), 5),
            });
        }
        """;

    [Test]
    public async Task MemoryPacks_own_formatter_writes_and_reads_types_that_are_marked_for_it()
    {
        LoadedApp app = LoadedApp.Of(App, Library.Value.Reference);
        int before = Calls();
        FarSide far = await FarSide.RunAsync(app.Call("Work", "Make"));
        Assert.That(far.Result, Is.EqualTo("a! 7 b! c!, end"));
        Assert.That(Calls() - before, Is.EqualTo(2 * 8), "written and read for the call and for its Run");
    }

    [Test]
    public async Task Types_declared_inside_others_and_reached_through_others_go_the_same_way()
    {
        LoadedApp app = LoadedApp.Of(NestedApp, Library.Value.Reference);
        FarSide far = await FarSide.RunAsync(app.Call("Work", "MakeNested"));
        Assert.That(far.Result, Is.EqualTo("aInt32 bInt32,cInt32 dByte True (eInt32, 5)"));
    }

    [Test]
    public void Without_MemoryPack_its_union_attribute_means_the_same_by_its_name() => GeneratorRun.Of(App
        .Replace("using MemoryPack;", "namespace MemoryPack { [AttributeUsage(AttributeTargets.All, AllowMultiple = true)] public class MemoryPackUnionAttribute(ushort tag, Type type) : Attribute { public ushort Tag => tag; public Type Type => type; } }", StringComparison.Ordinal)
        .Replace("[MemoryPackable] ", "", StringComparison.Ordinal)
        .Replace("[MemoryPackUnion", "[MemoryPack.MemoryPackUnion", StringComparison.Ordinal)
        .Replace("static Packed() => Formatters.Of[typeof(Packed)] = (static value => ((Packed)value)._secret, static text => new Packed { _secret = text + \"!\" });", "", StringComparison.Ordinal)).AssertCompiles();

    private static int Calls() => (int)Library.Value.Assembly.GetType("MemoryPack.MemoryPackSerializer")!.GetField("Calls")!.GetValue(null)!;
}
