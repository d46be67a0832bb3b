using NUnit.Framework;

namespace Procgen.Tests.Managers;

/// <summary>What collections and values do without blocking a thread.</summary>
public sealed class ManagedAsyncTests : ManagerTests
{
    [Test]
    public async Task A_list()
    {
        using ManagedList<string> list = Manager.CreateList<string>();
        await list.AddAsync("b");
        await list.AddRangeAsync(["c", "d", "e"]);
        await list.InsertAsync(0, "a");
        await list.SetAsync(4, "E");
        await list.RemoveAtAsync(3);
        Assert.That(await list.ToArrayAsync(), Is.EqualTo(new[] { "a", "b", "c", "E" }));
        Assert.That(await list.GetRangeAsync(1, 2), Is.EqualTo(new[] { "b", "c" }));
        Assert.That(await list.GetAsync(1), Is.EqualTo("b"));
        Assert.That(await list.UpdateAsync(1, static item => item + item), Is.EqualTo("bb"));
        Assert.That(await list.PopAsync(), Is.EqualTo("E"));
        Assert.That(await list.PopAsync(0), Is.EqualTo("a"));
        Assert.That(await list.CountAsync(), Is.EqualTo(2));
        Assert.That(async () => await list.GetAsync(2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        await list.ClearAsync();
        Assert.That(async () => await list.PopAsync(), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_dictionary()
    {
        using ManagedDictionary<string, int> dictionary = Manager.CreateDictionary<string, int>();
        await dictionary.SetAsync("one", 1);
        await dictionary.SetManyAsync([new("two", 2), new("three", 3)]);
        Assert.That(await dictionary.GetAsync("two"), Is.EqualTo(2));
        Assert.That(async () => await dictionary.GetAsync("nine"), Throws.TypeOf<KeyNotFoundException>());
        Assert.That(async () => await dictionary.SetAsync(null!, 1), Throws.ArgumentNullException);
        Assert.That(async () => await dictionary.GetManyAsync(["one", null!]), Throws.ArgumentNullException);
        Assert.That(await dictionary.GetManyAsync(["one", "nine", "three"]), Is.EquivalentTo(new Dictionary<string, int> { ["one"] = 1, ["three"] = 3 }));
        Assert.That(await dictionary.TryAddAsync("one", 11), Is.False);
        Assert.That(await dictionary.GetOrAddAsync("four", 4), Is.EqualTo(4));
        Assert.That(await dictionary.AddOrUpdateAsync("four", 0, static (_, old) => old * 10), Is.EqualTo(40));
        Assert.That(await dictionary.AddOrUpdateAsync("five", 5, static (_, old) => old * 10), Is.EqualTo(5));
        Assert.That(await dictionary.RemoveAsync("five"), Is.True);
        Assert.That(await dictionary.ContainsKeyAsync("five"), Is.False);
        Assert.That(await dictionary.CountAsync(), Is.EqualTo(4));
        Assert.That((await dictionary.ToArrayAsync()).Select(static item => item.Key), Is.EquivalentTo(new[] { "one", "two", "three", "four" }));
        await dictionary.ClearAsync();
        Assert.That(dictionary, Is.Empty);
    }

    [Test]
    public async Task A_value_an_array_and_a_namespace()
    {
        using ManagedValue<int> value = Manager.CreateValue(1);
        await value.SetAsync(2);
        Assert.That(await value.UpdateAsync(static x => x + 1), Is.EqualTo(3));
        Assert.That(await value.GetAsync(), Is.EqualTo(3));
        using ManagedArray<int> array = Manager.CreateArray([1, 2]);
        await array.SetAsync(1, 20);
        Assert.That(await array.GetAsync(1), Is.EqualTo(20));
        Assert.That(await array.ToArrayAsync(), Is.EqualTo(new[] { 1, 20 }));
        using ManagedNamespace names = Manager.CreateNamespace();
        await names.SetAsync("x", 5);
        Assert.That(await names.GetAsync<int>("x"), Is.EqualTo(5));
        Assert.That(async () => await names.GetAsync<string>("x"), Throws.TypeOf<InvalidCastException>());
        Assert.That(await names.ContainsAsync("x"), Is.True);
        Assert.That(await names.RemoveAsync("x"), Is.True);
        Assert.That(await names.RemoveAsync("x"), Is.False);
    }

    [Test]
    public async Task Updates_from_many_callers_are_never_lost()
    {
        using ManagedValue<int> value = Manager.CreateValue(0);
        using ManagedDictionary<string, int> dictionary = Manager.CreateDictionary<string, int>();
        using ManagedList<int> list = Manager.CreateList<int>();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => list.AddAsync(i).AsTask()));
        Assert.That(list, Is.EquivalentTo(Enumerable.Range(0, 50)));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            await value.UpdateAsync(static x => x + 1);
            await dictionary.AddOrUpdateAsync("x", 1, static (_, old) => old + 1);
        }));
        Assert.That(value.Value, Is.EqualTo(40));
        Assert.That(dictionary["x"], Is.EqualTo(40));
    }

    /// <summary>What is compared is what the server has, and not what has become of the copy.</summary>
    [Test]
    [CancelAfter(60_000)]
    public async Task An_update_may_change_the_copy_that_it_was_given(CancellationToken cancellationToken)
    {
        using ManagedList<List<int>> list = Manager.CreateList<List<int>>([[1]]);
        using ManagedDictionary<string, List<int>> dictionary = Manager.CreateDictionary<string, List<int>>([new("x", [1])]);
        using ManagedValue<List<int>> value = Manager.CreateValue<List<int>>([1]);
        await Task.Run(
            () =>
            {
                list.Update(0, Grow);
                dictionary.AddOrUpdate("x", [], (_, old) => Grow(old));
                value.Update(Grow);
            },
            cancellationToken).WaitAsync(cancellationToken);
        await list.UpdateAsync(0, Grow, cancellationToken);
        await dictionary.AddOrUpdateAsync("x", [], (_, old) => Grow(old), cancellationToken);
        await value.UpdateAsync(Grow, cancellationToken);

        Assert.That(list[0], Is.EqualTo(new[] { 1, 1, 1 }));
        Assert.That(dictionary["x"], Is.EqualTo(new[] { 1, 1, 1 }));
        Assert.That(value.Value, Is.EqualTo(new[] { 1, 1, 1 }));
    }

    private static List<int> Grow(List<int> items)
    {
        items.Add(1);
        return items;
    }
}
