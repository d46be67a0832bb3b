using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Codecs;

/// <summary>Emitted codecs compiled, loaded and run.</summary>
public sealed class CodecExecutionTests
{
    [Test]
    public async Task A_parameters_own_codec_is_used_for_it_alone()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            using Procgen.CompilerServices;
            public class Backwards : Codec<string>
            {
                public override void Write(ref PayloadWriter writer, string value) => writer.WriteString("<" + value);
                public override string Read(ref PayloadReader reader) => reader.ReadString() + ">";
            }
            public static class Work { [ProcessTarget] public static string Join([ProcessCodec(typeof(Backwards))] string a, string b) => a + b; }
            """);
        FarSide far = await FarSide.RunAsync(app.Call("WorkTargets", "Join", "x", "y"));
        Assert.That(far.Result, Is.EqualTo("<x>y"));
    }

    [Test]
    public async Task The_path_of_what_cannot_be_written_begins_with_the_parameter()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            public class Job { public List<Owner> Owners { get; } = new() { new Loud() }; }
            public class Owner { }
            public class Loud : Owner { }
            public static class Work
            {
                [ProcessTarget] public static void Do(int number, Job job) { }
                public static ProcessCall Make() => WorkTargets.Do(1, new Job());
            }
            """);
        object call = app.Call("Work", "Make")!;
        ProcessSerializationException error = Assert.ThrowsAsync<ProcessSerializationException>(() => FarSide.RunAsync(call))!;
        Assert.That(error.Path, Is.EqualTo("job.Owners[0]"));
        await Task.CompletedTask;
    }

    [Test]
    public void Codecs_of_what_handles_inside_other_types_name_are_registered()
    {
        GeneratorRun run = GeneratorRun.Of("""
            #pragma warning disable CS1591
            public record Item(string Name);
            public class Job { public ProcessCall<Item>? Then; }
            public static class Work { [ProcessTarget] public static void Do(Job job) { } }
            """).AssertCompiles();
        Assert.That(run.Files["Registration.g.cs"], Does.Contain("Codecs.Register<global::Item>("));
    }

    [Test]
    public void Codecs_are_registered_under_the_names_that_reflection_gives_their_types()
    {
        GeneratorRun run = GeneratorRun.Of("""
            #pragma warning disable CS1591
            using System.Collections.Generic;
            using Procgen;
            public record Job(string Name);
            public record Gen<T>(T Value) { public record Inner(T Value); }
            public static class Uses
            {
                public static ProcessQueue<Job>? Jobs;
                public static ProcessQueue<Gen<Job>>? Generic;
                public static ProcessQueue<Gen<int>.Inner>? Nested;
                public static ProcessQueue<Job[]>? Array;
                public static ProcessQueue<int?[][,]>? Arrays;
                public static ProcessQueue<nint?>? Nullable;
                public static ProcessQueue<(int Number, string Text)>? Tuple;
                public static ProcessQueue<List<Job>>? List;
                public static ProcessQueue<Dictionary<string, Job>>? Dictionary;
            }
            """).AssertCompiles();
        string[] names =
        [
            "Job", "Gen`1", "Inner", "Job[]", typeof(int?[][,]).Name, typeof(nint?).Name, typeof((int, string)).Name,
            typeof(List<string>).Name, typeof(Dictionary<string, string>).Name,
        ];
        Assert.That(Regex.Matches(run.Files["Registration.g.cs"], "case \"(.+)\":").Select(static match => match.Groups[1].Value), Is.EquivalentTo(names));
    }

    [Test]
    public void A_codec_whose_constructor_throws_is_missed_by_its_own_type_alone()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            using System;
            using Procgen;
            using Procgen.CompilerServices;
            namespace Bad
            {
                [ProcessCodec(typeof(ItemCodec))] public class Item { }
                public class ItemCodec : Codec<Item>
                {
                    public ItemCodec() => throw new FormatException("not this one");
                    public override void Write(ref PayloadWriter writer, Item value) { }
                    public override Item Read(ref PayloadReader reader) => new();
                }
            }
            namespace Good { public record Item(string Name); }
            public static class Uses
            {
                public static int Good() { using var queue = new ProcessQueue<Good.Item>(); queue.Put(new("x")); return queue.Count; }
                public static void Bad() => new ProcessQueue<Bad.Item>();
                public static void Bads() => new ProcessQueue<System.Collections.Generic.List<Bad.Item>>();
                public static void Unknown<T>() => new ProcessQueue<T>();
                public static void Missing() => Unknown<Missing<Version>.Item>();
            }
            public static class Missing<T> { public record Item(T Value); }
            """);
        Assert.That(app.Call("Uses", "Good"), Is.EqualTo(1));
        Assert.That(app.Thrown("Uses", "Bad"), Is.TypeOf<FormatException>());
        Assert.That(app.Thrown("Uses", "Bads"), Is.TypeOf<FormatException>().With.Property(nameof(Exception.StackTrace)).Contains("ItemCodec"));
        Assert.That(app.Thrown("Uses", "Missing"), Is.TypeOf<InvalidOperationException>().With.Message.StartsWith("No codec of "));
    }

    [Test]
    public void A_codec_that_many_threads_miss_at_once_is_found_by_all()
    {
        LoadedApp app = LoadedApp.Of("""
            #pragma warning disable CS1591
            public record Item(string Name);
            public static class Uses
            {
                public static object Codec() => Procgen.CompilerServices.Codecs.Get<Item>();
                public static ProcessQueue<Item>? Items { get; set; }
            }
            """);
        using var start = new Barrier(8);
        object[] codecs = new object[8];
        Thread[] threads = [.. Enumerable.Range(0, codecs.Length).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            codecs[i] = app.Call("Uses", "Codec")!;
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.That(codecs, Is.All.Not.Null.And.All.SameAs(codecs[0]));
    }

    [Test]
    public void A_type_that_cannot_be_loaded_is_missed_by_nobody()
    {
        MetadataReference gone = AppCompilation.Of(
            """
            #pragma warning disable CS1591
            using Procgen.CompilerServices;
            namespace Gone;
            public class Item { public string? Name { get; set; } }
            public abstract class CodecBase<T> : Codec<T>;
            """,
            name: "Gone").ToMetadataReference();
        LoadedApp app = LoadedApp.Of(
            """
            #pragma warning disable CS1591
            using System;
            using Procgen;
            using Procgen.CompilerServices;
            namespace Broken
            {
                [ProcessCodec(typeof(ItemCodec))] public class Item { }
                public class ItemCodec : Gone.CodecBase<Item>
                {
                    public override void Write(ref PayloadWriter writer, Item value) { }
                    public override Item Read(ref PayloadReader reader) => new();
                }
            }
            namespace Zoo { public record Item(string Name); }
            public static class Uses
            {
                public static int Zoo() { using var queue = new ProcessQueue<Zoo.Item>(); queue.Put(new("x")); return queue.Count; }
                public static int Zoos() { using var queue = new ProcessQueue<Zoo.Item[]>(); queue.Put([]); return queue.Count; }
                public static void Broken() => new ProcessQueue<Broken.Item>();
                public static void Unknown<T>() => new ProcessQueue<T>();
                public static void Missing() => Unknown<Missing<Version>.Item>();
            }
            public static class Gones { public static ProcessQueue<Gone.Item>? Queue; public static ProcessQueue<Gone.Item[]>? Arrays; }
            public static class Missing<T> { public record Item(T Value); }
            """,
            gone);
        Assert.That(app.Call("Uses", "Zoo"), Is.EqualTo(1));
        Assert.That(app.Call("Uses", "Zoos"), Is.EqualTo(1));
        Assert.That(app.Thrown("Uses", "Broken"), Is.TypeOf<FileNotFoundException>().With.Message.Contains("Gone"));
        Assert.That(app.Thrown("Uses", "Missing"), Is.TypeOf<InvalidOperationException>().With.Message.StartsWith("No codec of "));
    }

    [Test]
    public async Task Types_of_a_referenced_assembly_keep_what_only_they_can_set()
    {
        LoadedApp app = LoadedApp.Of(
            """
            #pragma warning disable CS1591
            public static class Work
            {
                [ProcessTarget] public static string Show(Lib.Account account) => account.ToString();
                public static ProcessCall<string> Make() => WorkTargets.Show(Lib.Account.Make());
            }
            """,
            LoadedLibrary.Of("""
                #pragma warning disable CS1591
                namespace Lib;
                public class Account
                {
                    public string Owner { get; private set; } = "nobody";
                    public int Number { get; } = 1;
                    public decimal Balance { get; set; }
                    public Account() { }
                    private Account(string owner, int number) { Owner = owner; Number = number; }
                    public static Account Make() => new("Ann", 5) { Balance = 2 };
                    public override string ToString() => $"{Owner} {Number} {Balance}";
                }
                """, "Lib").Reference);
        Assert.That((await FarSide.RunAsync(app.Call("Work", "Make"))).Result, Is.EqualTo("Ann 5 2"));
    }

    [Test]
    public void An_array_whose_indexes_do_not_start_at_zero_is_refused_rather_than_moved()
    {
        LoadedApp app = LoadedApp.Of("internal static class Work { [ProcessTarget] internal static int First(int[,] grid) => grid[1, 1]; }");
        object call = app.Call("WorkTargets", "First", Array.CreateInstance(typeof(int), [2, 2], [0, 1]))!;
        Assert.That(() => FarSide.Reopen(call), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("whose indexes start at 1"));
    }

    [Test]
    public void Types_whose_names_differ_in_case_or_namespace_only_get_files_of_their_own()
    {
        GeneratorRun run = GeneratorRun.Of("""
            #pragma warning disable CS1591
            namespace A { public record Item(string S); public record ITEM(string S); public class B { public record C(string S); } }
            namespace a { public record Item(string S); }
            namespace A_B { public record C(string S); }
            public record Version(string S);
            static class Work
            {
                [ProcessTarget] public static void F(A.Item[] p, A.ITEM[] q, a.Item[] r, A.B.C[] s, A_B.C[] t, Version[] u, System.Version[] v, (int X, string Y) w, (int, string) x) { }
            }
            """).AssertCompiles();
        Assert.That(run.Files.Keys.Select(static name => name.ToUpperInvariant()), Is.Unique);
    }

    [Test]
    public void Names_of_members_that_emitted_code_uses_itself_do_no_harm() => GeneratorRun.Of("""
        #pragma warning disable CS1591
        public class Odd
        {
            public string? value, writer, reader, member, count, error, made, Members, Instance, Item, @class, er;
            public int Write { get; set; }
            public string? Read { get; private set; }
        }
        public struct Odder { public string? self; public string? value { get; private set; } }
        [PreserveReferences] public class Oddest { public Oddest? members, id, end, made, count, known; }
        static class Work { [ProcessTarget] public static void F(Odd odd, Odder odder, Oddest oddest, string error, string argument) { } }
        """).AssertCompiles();

    [Test]
    public void A_type_of_the_language_version_of_an_older_framework_compiles() => GeneratorRun.Of("""
        #pragma warning disable CS1591
        public class Plain { public int[,,] Cube = new int[1, 1, 1]; public int[][,] Jagged = new int[0][,]; public List<int>[,] Lists = new List<int>[0, 0]; }
        public interface IThing<T> { }
        [ProcessUnion(0, typeof(Leaf<>))] public abstract class Tree<T> { }
        public sealed class Leaf<T> : Tree<T> { public T? Value { get; private set; } }
        static class Work { [ProcessTarget] public static void F(Plain plain, Tree<int> tree, Tree<string> other) { } }
        """).AssertCompiles();
}
