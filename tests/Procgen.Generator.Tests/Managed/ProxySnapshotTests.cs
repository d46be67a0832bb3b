using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Managed;

/// <summary>The proxies of managed classes, to be read.</summary>
public sealed class ProxySnapshotTests
{
    [Test]
    public void Methods_in_both_forms() => Match("""
        namespace N;
        /// <summary>Counts.</summary>
        [ManagedObject(Serialized = true)]
        public class Counter(int start = 0)
        {
            private int _value = start;
            /// <summary>Adds.</summary>
            public int Add(int by, string? why = null) => _value += by;
            /// <summary>Waits.</summary>
            public async Task<string> WaitAsync(TimeSpan time, CancellationToken stop) { await Task.Delay(time, stop); return "done"; }
            /// <summary>Sums.</summary>
            public long Sum(params int[] values) => values.Length;
            /// <summary>Resets.</summary>
            public ValueTask ResetAsync() => default;
            /// <summary>Counts.</summary>
            public async IAsyncEnumerable<int> CountAsync(int to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default) { await Task.Yield(); yield return to; }
        }
        """);

    [Test]
    public void Properties_indexers_fields_and_events() => Match("""
        internal class Moved(int x, int y) : EventArgs { public int X { get; } = x; public int Y { get; } = y; }
        internal class Outer
        {
            [ManagedObject]
            internal class Robot
            {
                public Robot(string name) => Name = name;
                internal Robot(string name, int speed) : this(name) => Speed = speed;
                public string Name { get; }
                public int Speed { get; set; }
                public string? Note { get; private set; }
                public int Secret { set => Speed = value; }
                public double Weight = 1;
                public int this[int row, string column = "A"] { get => row; set => Note = column + value; }
                public event EventHandler<Moved>? Moved;
                public event EventHandler? Stopped;
                public event Action<string, int>? Said;
                public event Action? Started;
                [ProcessIgnore] public object? Raw { get; set; }
                [ProcessIgnore] public void Do(Action action) { action(); Moved?.Invoke(this, new Moved(1, 2)); Stopped?.Invoke(this, EventArgs.Empty); Said?.Invoke("", 1); Started?.Invoke(); }
            }
        }
        """);

    [Test]
    public void Proxies_in_the_signatures_of_targets_and_members() => Match("""
        namespace A
        {
            [ManagedObject] public class Store { /// <summary>Of another.</summary>
                public int Count(List<B.CounterProxy> counters, Dictionary<string, B.CounterProxy?> more) => counters.Count + more.Count; }
        }
        namespace B
        {
            using A;
            /// <summary>Counts.</summary>
            [ManagedObject] public class Counter { /// <summary>Next.</summary>
                public int Next() => 1; }
            public class Job { public CounterProxy? Counter { get; set; } public StoreProxy[] Stores = []; }
            public static class Work
            {
                /// <summary>Runs.</summary>
                [ProcessTarget] public static (CounterProxy First, int Count) Run(CounterProxy counter, Job job, CounterProxy? other = null) { ManagedList<StoreProxy>? list = null; return (counter, list?.Count ?? 0); }
            }
        }
        """);

    private static void Match(string source, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        GeneratorRun run = GeneratorRun.Of("#pragma warning disable CS1591\n" + source).AssertCompiles();
        Assert.That(run.Files.Keys, Has.Some.EndsWith("Proxy.g.cs"));
        Snapshot.Match(run, test: test);
    }
}
