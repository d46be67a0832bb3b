using System.Collections;
using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

public sealed class ManagedCollectionTests : ManagerTests
{
    [Test]
    public void A_list_does_what_a_list_does()
    {
        using ManagedList<string?> list = Manager.CreateList(new[] { "a", null, "c" });
        list.Add("d");
        list.Insert(1, "b");
        list.RemoveAt(2);
        Assert.That(list, Is.EqualTo(new[] { "a", "b", "c", "d" }));
        Assert.That(list.Count, Is.EqualTo(4));
        Assert.That(list[2], Is.EqualTo("c"));
        list[2] = "C";
        Assert.That(list.IndexOf("C"), Is.EqualTo(2));
        Assert.That(list.Remove("b"), Is.True);
        Assert.That(list.Remove("b"), Is.False);
        list.Reverse();
        Assert.That(list.ToArray(), Is.EqualTo(new[] { "d", "C", "a" }));
        list.Sort();
        Assert.That(list.GetRange(1, 2), Is.EqualTo(new[] { "C", "d" }));
        Assert.That(list.Pop(), Is.EqualTo("d"));
        Assert.That(list.Pop(0), Is.EqualTo("a"));
        list.Clear();
        Assert.That(list.TryPop(out _), Is.False);
        Assert.That(() => list.Pop(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => list[0], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => list.Insert(1, "x"), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void What_is_added_may_change_between_being_counted_and_being_read()
    {
        var changing = new Changing([1, 2, 3]);
        using ManagedList<int> list = Manager.CreateList(changing);
        list.AddRange(changing);
        Assert.That(list, Is.EqualTo(new[] { 1, 2, 3, 1, 2, 3 }));
    }

    [Test]
    public void What_could_not_be_sent_holds_no_object()
    {
        using ProcessManager manager = ProcessManager.Start();
        using ManagedList<(ManagedList<int> Whole, ManagedList<int> Gone)> list = manager.CreateList<(ManagedList<int> Whole, ManagedList<int> Gone)>();
        ManagedList<int> whole = manager.CreateList<int>();
        ManagedList<int> gone = manager.CreateList<int>();
        gone.Dispose();
        Await(() => manager.ObjectCount == 2, "the end of the disposed list");
        Assert.That(() => list.Add((whole, gone)), Throws.TypeOf<ObjectDisposedException>());
        whole.Dispose();
        Await(() => manager.ObjectCount == 1, "the end of the list that was not sent");
    }

    [Test]
    public void A_dictionary_does_what_a_dictionary_does()
    {
        using ManagedDictionary<string, int> dictionary = Manager.CreateDictionary<string, int>();
        dictionary["one"] = 1;
        dictionary.Add("two", 2);
        Assert.That(() => dictionary.Add("two", 3), Throws.ArgumentException);
        Assert.That(dictionary.TryAdd("three", 3), Is.True);
        Assert.That(dictionary.TryAdd("three", 4), Is.False);
        Assert.That(dictionary["three"], Is.EqualTo(3));
        Assert.That(() => dictionary["four"], Throws.TypeOf<KeyNotFoundException>());
        Assert.That(dictionary.ContainsKey("one"), Is.True);
        Assert.That(dictionary.Keys, Is.EquivalentTo(new[] { "one", "two", "three" }));
        Assert.That(dictionary.Values, Is.EquivalentTo(new[] { 1, 2, 3 }));
        Assert.That(dictionary.TryUpdate("one", 11, 2), Is.False);
        Assert.That(dictionary.TryUpdate("one", 11, 1), Is.True);
        Assert.That(dictionary.GetOrAdd("five", key => key.Length), Is.EqualTo(4));
        Assert.That(dictionary.GetOrAdd("five", 9), Is.EqualTo(4));
        Assert.That(dictionary.AddOrUpdate("five", 1, (_, old) => old * 10), Is.EqualTo(40));
        Assert.That(dictionary.TryRemove("two", out int two), Is.True);
        Assert.That(two, Is.EqualTo(2));
        Assert.That(dictionary.Remove(KeyValuePair.Create("one", 1)), Is.False);
        Assert.That(dictionary.Remove(KeyValuePair.Create("one", 11)), Is.True);
        dictionary.SetMany([new("x", 7), new("y", 8)]);
        Assert.That(dictionary.GetMany(["x", "nothing", "y"]), Is.EquivalentTo(new Dictionary<string, int> { ["x"] = 7, ["y"] = 8 }));
        dictionary.Clear();
        Assert.That(dictionary.Count, Is.Zero);
    }

    [Test]
    public void A_dictionary_refuses_a_key_that_is_null_before_it_sends_anything()
    {
        using ManagedDictionary<string, int> dictionary = Manager.CreateDictionary<string, int>();
        AssertNull("key", () => dictionary[null!] = 1);
        AssertNull("key", () => _ = dictionary[null!]);
        AssertNull("key", () => dictionary.Add(null!, 1));
        AssertNull("key", () => dictionary.Add(default));
        AssertNull("key", () => dictionary.TryAdd(null!, 1));
        AssertNull("key", () => dictionary.TryGetValue(null!, out _));
        AssertNull("key", () => dictionary.TryUpdate(null!, 1, 2));
        AssertNull("key", () => dictionary.TryRemove(null!, out _));
        AssertNull("key", () => dictionary.Remove(null!));
        AssertNull("key", () => dictionary.Remove(default(KeyValuePair<string, int>)));
        AssertNull("key", () => dictionary.Contains(default));
        AssertNull("key", () => dictionary.ContainsKey(null!));
        AssertNull("key", () => dictionary.GetOrAdd(null!, 3));
        AssertNull("key", () => dictionary.GetOrAdd(null!, _ => throw new AssertionException("It was asked for a value.")));
        AssertNull("key", () => dictionary.AddOrUpdate(null!, 1, (_, _) => 2));
        AssertNull("keys", () => dictionary.GetMany(["a", null!]));
        AssertNull("keys", () => dictionary.GetMany(null!));
        AssertNull("items", () => dictionary.SetMany([new("a", 1), new(null!, 2)]));
        AssertNull("items", () => dictionary.SetMany(null!));
        AssertNull("items", () => Manager.CreateDictionary([KeyValuePair.Create<string, int>(null!, 2)]));
        Assert.That(dictionary.Count, Is.Zero);

        static void AssertNull(string parameter, TestDelegate use) =>
            Assert.That(use, Throws.TypeOf<ArgumentNullException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameter));
    }

    [Test]
    public void Values_arrays_and_namespaces_keep_what_they_are_given()
    {
        using ManagedValue<double> value = Manager.CreateValue(1.5);
        value.Value *= 2;
        Assert.That(value.Value, Is.EqualTo(3));
        using ManagedArray<int> array = Manager.CreateArray([1, 2, 3]);
        array[1] = 20;
        Assert.That(array, Is.EqualTo(new[] { 1, 20, 3 }));
        Assert.That(array.Length, Is.EqualTo(3));
        Assert.That(() => array[3] = 1, Throws.InstanceOf<ArgumentOutOfRangeException>());
        using ManagedNamespace names = Manager.CreateNamespace();
        names.Set("count", 3);
        names.Set("title", "three");
        Assert.That(names.Get<int>("count"), Is.EqualTo(3));
        Assert.That(names.Get<string>("title"), Is.EqualTo("three"));
        Assert.That(() => names.Get<int>("title"), Throws.TypeOf<InvalidCastException>());
        Assert.That(() => names.Get<int>("nothing"), Throws.TypeOf<KeyNotFoundException>());
        Assert.That(names.Remove("count"), Is.True);
        Assert.That(names.Contains("count"), Is.False);
    }

    [Test]
    public async Task Processes_share_a_list()
    {
        using ManagedList<int> list = Manager.CreateList<int>();
        using ChildProcess first = ChildProcess.Start(ManagedJobsTargets.Append(list, 0, 100));
        using ChildProcess second = ChildProcess.Start(ManagedJobsTargets.Append(list, 100, 100));
        await Task.WhenAll(first.Completion, second.Completion);
        Assert.That(list, Is.EquivalentTo(Enumerable.Range(0, 200)));
    }

    [Test]
    public async Task Updates_from_several_processes_are_never_lost()
    {
        using ManagedDictionary<string, int> counts = Manager.CreateDictionary<string, int>();
        using ManagedValue<long> value = Manager.CreateValue(0L);
        ChildProcess[] children =
        [
            ChildProcess.Start(ManagedJobsTargets.Increment(counts, "k", 200)),
            ChildProcess.Start(ManagedJobsTargets.Increment(counts, "k", 200)),
            ChildProcess.Start(ManagedJobsTargets.UpdateValue(value, 200)),
            ChildProcess.Start(ManagedJobsTargets.UpdateValue(value, 200)),
        ];
        await Task.WhenAll(children.Select(child => child.Completion));
        foreach (ChildProcess child in children) child.Dispose();
        Assert.That(counts["k"], Is.EqualTo(400));
        Assert.That(value.Value, Is.EqualTo(400));
    }

    [Test]
    public async Task Proxies_may_be_nested()
    {
        using ManagedList<ManagedDictionary<string, int>> list = Manager.CreateList<ManagedDictionary<string, int>>();
        foreach (int i in Enumerable.Range(1, 3))
        {
            ManagedDictionary<string, int> dictionary = Manager.CreateDictionary<string, int>();
            dictionary["n"] = i;
            list.Add(dictionary);
            dictionary.Dispose();
        }

        using ChildProcess<string> child = ChildProcess.Start(ManagedJobsTargets.ReadNested(list));
        Assert.That(await child.Completion, Is.EqualTo("n1,n2,n3"));
    }

    [Test]
    public void A_pair_is_in_a_dictionary_where_its_bytes_are()
    {
        using ManagedDictionary<string, int[]> dictionary = Manager.CreateDictionary<string, int[]>();
        dictionary["a"] = [1];

        Assert.That(dictionary.Contains(KeyValuePair.Create("a", new[] { 1 })), Is.True);
        Assert.That(dictionary.Contains(KeyValuePair.Create("a", new[] { 2 })), Is.False);
        Assert.That(dictionary.Contains(KeyValuePair.Create("b", new[] { 1 })), Is.False);
        Assert.That(dictionary.Remove(KeyValuePair.Create("a", new[] { 1 })), Is.True);
    }

    [Test]
    public void A_proxy_is_found_by_any_proxy_of_the_same_object()
    {
        using ManagedList<int> one = Manager.CreateList([1]);
        using ManagedList<int> other = Manager.CreateList([1]);
        using ManagedList<int> copy = Copy(other);
        using ManagedList<ManagedList<int>> list = Manager.CreateList([one, other]);
        using ManagedDictionary<string, ManagedList<int>> dictionary = Manager.CreateDictionary([KeyValuePair.Create("other", other)]);
        Assert.That(copy.Equals(other), Is.True);
        Assert.That(copy.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(one.Equals(other), Is.False);
        Assert.That(one.Equals("one"), Is.False);

        Assert.That(list.IndexOf(copy), Is.EqualTo(1));
        Assert.That(list.Contains(copy), Is.True);
        Assert.That(list.Remove(copy), Is.True);
        Assert.That(list.Contains(copy), Is.False);
        Assert.That(dictionary.Contains(KeyValuePair.Create("other", one)), Is.False);
        Assert.That(dictionary.Contains(KeyValuePair.Create("other", copy)), Is.True);
        Assert.That(dictionary.TryUpdate("other", one, copy), Is.True);
        Assert.That(dictionary.Remove(KeyValuePair.Create("other", one)), Is.True);
    }

    /// <summary>Of others' making: when it is read, it has fewer items than it had when it was counted.</summary>
    private sealed class Changing(int[] items) : IReadOnlyCollection<int>
    {
        public int Count => items.Length + 2;

        public IEnumerator<int> GetEnumerator() => items.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
