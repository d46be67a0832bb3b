namespace Procgen.Tests.Managers;

/// <summary>What the tests run in processes that share managed objects.</summary>
internal static class ManagedJobs
{
    [ProcessTarget]
    public static void Append(ManagedList<int> list, int from, int count)
    {
        for (int i = from; i < from + count; i++) list.Add(i);
    }

    [ProcessTarget]
    public static void Increment(ManagedDictionary<string, int> counts, string key, int times)
    {
        for (int i = 0; i < times; i++) counts.AddOrUpdate(key, 1, (_, old) => old + 1);
    }

    [ProcessTarget]
    public static void UpdateValue(ManagedValue<long> value, int times)
    {
        for (int i = 0; i < times; i++) value.Update(old => old + 1);
    }

    [ProcessTarget]
    public static string ReadNested(ManagedList<ManagedDictionary<string, int>> list) =>
        string.Join(",", list.Select(dictionary => string.Join("+", dictionary.OrderBy(item => item.Key).Select(item => $"{item.Key}{item.Value}"))));

    [ProcessTarget]
    public static ManagedList<int> MakeList(ManagedNamespace manager, int count) =>
        throw new NotSupportedException($"{manager} {count}");

    [ProcessTarget]
    public static void WorkOff(ProcessQueue<int?> queue, ManagedList<int> results)
    {
        while (queue.Take() is int item) results.Add(item * item);
    }

    [ProcessTarget]
    public static void HoldForever(ManagedList<int> list)
    {
        list.Add(1);
        Thread.Sleep(Timeout.Infinite);
    }
}
