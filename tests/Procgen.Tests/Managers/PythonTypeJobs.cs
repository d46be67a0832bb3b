namespace Procgen.Tests.Managers;

/// <summary>
/// What the child does with the one object of each type in CPython's TestSyncManagerTypes. What a child finds, it says: an
/// assertion's failure would be another exception in the parent.
/// </summary>
internal static class PythonTypeJobs
{
    [ProcessTarget]
    public static bool UseEvent(ProcessEvent signal)
    {
        bool wasSet = signal.IsSet && signal.Wait();
        signal.Reset();
        return wasSet && !signal.Wait(TimeSpan.FromMilliseconds(1));
    }

    [ProcessTarget]
    public static void TakeLock(ProcessLock mutex) => mutex.Acquire();

    [ProcessTarget]
    public static void UseRecursiveLock(ProcessRecursiveLock mutex)
    {
        mutex.Acquire();
        mutex.Release();
    }

    [ProcessTarget]
    public static void TakePermit(ProcessSemaphore semaphore) => semaphore.Acquire();

    [ProcessTarget]
    public static void UseCondition(ProcessCondition condition)
    {
        condition.Acquire();
        condition.Release();
    }

    [ProcessTarget]
    public static int UseBarrier(ProcessBarrier barrier)
    {
        barrier.Reset();
        return barrier.Parties;
    }

    [ProcessTarget]
    public static string UseQueue(ProcessQueue<int> queue) =>
        $"{queue.Count} {queue.IsFull} {queue.IsEmpty} {queue.Take()} {queue.IsEmpty} {queue.Take()} {queue.IsEmpty}";

    [ProcessTarget]
    public static string UseList(ManagedList<int> list)
    {
        string found = $"{list[0]} {list.Count(item => item == 5)} {list.IndexOf(5)}";
        list.Sort();
        list.Reverse();
        return $"{found} {list.Sum()} {list.Count} {list.Pop(0)}";
    }

    [ProcessTarget]
    public static string UseDictionary(ManagedDictionary<string, int> dictionary) =>
        $"{dictionary.Count} {dictionary["foo"]} {dictionary.TryGetValue("foo", out int foo)} {foo} {dictionary.Single()} {dictionary.Keys.Single()} "
        + $"{dictionary.Values.Single()} {new Dictionary<string, int>(dictionary)["foo"]} {dictionary.TryRemove("foo", out int gone)} {gone}";

    [ProcessTarget]
    public static int UseValue(ManagedValue<int> value)
    {
        int found = value.Value;
        value.Value = 2;
        return found;
    }

    [ProcessTarget]
    public static string UseArray(ManagedArray<int> array) => $"{array[0]} {array[1]} {array.Length} {string.Join(',', array)}";

    [ProcessTarget]
    public static string UseNamespace(ManagedNamespace names) => $"{names.Get<int>("x")} {names.Get<int>("y")}";

    [ProcessTarget]
    public static void CountInNamespace(ManagedNamespace names) => names.Set("test", names.Get<int>("test") + 1);

    [ProcessTarget]
    public static void PutParcels(int port, byte[] key, Parcel[] parcels)
    {
        using ProcessManager manager = ProcessManager.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port), key);
        manager.Find<ProcessQueue<Parcel[]>>("queue").Put(parcels);
    }
}

/// <summary>One value of each kind that CPython's remote manager test sends.</summary>
public sealed record Parcel(string? Text, bool Flag, double Number, byte[]? Bytes);

/// <summary>A list's item that may lead back to the list.</summary>
public sealed record Link(ManagedList<Link>? Next);
