using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Procgen;

[AttributeUsage(AttributeTargets.Class)]
public sealed class ManagedObjectAttribute : Attribute { public bool Serialized { get; set; } }

public abstract class ManagedProxy { }

public class ProcessManagerOptions : ProcessOptions
{
    public EndPoint? EndPoint { get; set; }
    public ReadOnlyMemory<byte> AuthKey { get; set; }
    public ProcessCall? Initializer { get; set; }
    public System.Net.Security.SslServerAuthenticationOptions? Tls { get; set; }
}

public sealed class ProcessManager : IDisposable, IAsyncDisposable
{
    internal ProcessManager() { }
    public static ProcessManager Start(ProcessManagerOptions? options = null) => throw null!;
    public static ProcessManager Connect(EndPoint address, ReadOnlySpan<byte> authKey = default, ProcessClientOptions? options = null) => throw null!;
    public static Task<ProcessManager> ConnectAsync(EndPoint address, ReadOnlyMemory<byte> authKey = default, ProcessClientOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public static Task<ProcessManager> StartAsync(ProcessManagerOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public EndPoint Address => throw null!;
    public ManagedList<T> CreateList<T>(IEnumerable<T>? items = null) => throw null!;
    public ManagedDictionary<TKey, TValue> CreateDictionary<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>>? items = null) where TKey : notnull => throw null!;
    // one handle type per concept, wherever its state lives: a target takes a ProcessQueue<T>, local or managed
    public ProcessQueue<T> CreateQueue<T>(int maxSize = 0) => throw null!;
    public ProcessLock CreateLock() => throw null!;
    public ProcessRecursiveLock CreateRecursiveLock() => throw null!;
    public ProcessSemaphore CreateSemaphore(int initial, int maximum = int.MaxValue) => throw null!;
    public ProcessEvent CreateEvent() => throw null!;
    public ProcessCondition CreateCondition() => throw null!;
    public ProcessCondition CreateCondition(ProcessRecursiveLock @lock) => throw null!;
    public ProcessBarrier CreateBarrier(int parties, ProcessCall? action = null, TimeSpan? timeout = null) => throw null!;
    public void Publish<T>(string name, T handle) where T : class => throw null!;
    public T Find<T>(string name) where T : class => throw null!;
    public bool TryFind<T>(string name, [MaybeNullWhen(false)] out T handle) where T : class => throw null!;
    public ManagedValue<T> CreateValue<T>(T initial = default!) => throw null!;
    public ManagedArray<T> CreateArray<T>(IEnumerable<T> items) => throw null!;
    public ManagedNamespace CreateNamespace() => throw null!;
    public void Shutdown() => throw null!;
    public void Dispose() => throw null!;
    public ValueTask DisposeAsync() => throw null!;
}

public sealed class ManagedList<T> : ManagedProxy, IList<T>
{
    public T this[int index] { get => throw null!; set => throw null!; }
    public int Count => throw null!;
    public bool IsReadOnly => throw null!;
    public void Add(T item) => throw null!;
    public void AddRange(IEnumerable<T> items) => throw null!;
    public ValueTask AddAsync(T item, CancellationToken cancellationToken = default) => throw null!;
    public void Clear() => throw null!;
    public bool Contains(T item) => throw null!;
    public void CopyTo(T[] array, int arrayIndex) => throw null!;
    public IEnumerator<T> GetEnumerator() => throw null!;
    public int IndexOf(T item) => throw null!;
    public void Insert(int index, T item) => throw null!;
    public bool Remove(T item) => throw null!;
    public void RemoveAt(int index) => throw null!;
    IEnumerator IEnumerable.GetEnumerator() => throw null!;
    public T[] ToArray() => throw null!;
    public void Sort() => throw null!;
    public void Reverse() => throw null!;
    public T[] GetRange(int index, int count) => throw null!;
    public T Pop(int index = -1) => throw null!;                              // atomic, Python's pop
    public bool TryPop([MaybeNullWhen(false)] out T item) => throw null!;
    public T Update(int index, Func<T, T> update) => throw null!;            // compare and swap, update may run more than once
}

public sealed class ManagedDictionary<TKey, TValue> : ManagedProxy, IDictionary<TKey, TValue> where TKey : notnull
{
    public TValue this[TKey key] { get => throw null!; set => throw null!; }
    public ICollection<TKey> Keys => throw null!;
    public ICollection<TValue> Values => throw null!;
    public int Count => throw null!;
    public bool IsReadOnly => throw null!;
    public void Add(TKey key, TValue value) => throw null!;
    public void Add(KeyValuePair<TKey, TValue> item) => throw null!;
    public void Clear() => throw null!;
    public bool Contains(KeyValuePair<TKey, TValue> item) => throw null!;
    public bool ContainsKey(TKey key) => throw null!;
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => throw null!;
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => throw null!;
    public bool Remove(TKey key) => throw null!;
    public bool Remove(KeyValuePair<TKey, TValue> item) => throw null!;
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => throw null!;
    IEnumerator IEnumerable.GetEnumerator() => throw null!;
    public KeyValuePair<TKey, TValue>[] ToArray() => throw null!;
    public bool TryAdd(TKey key, TValue value) => throw null!;
    public bool TryUpdate(TKey key, TValue newValue, TValue comparisonValue) => throw null!;
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value) => throw null!;
    public TValue GetOrAdd(TKey key, TValue value) => throw null!;
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> create) => throw null!;
    public TValue AddOrUpdate(TKey key, TValue addValue, Func<TKey, TValue, TValue> update) => throw null!;
}

public sealed class ManagedValue<T> : ManagedProxy { public T Value { get => throw null!; set => throw null!; } }
public sealed class ManagedArray<T> : ManagedProxy, IReadOnlyList<T>
{
    public T this[int index] { get => throw null!; set => throw null!; }
    public int Count => throw null!;
    public int Length => throw null!;
    public IEnumerator<T> GetEnumerator() => throw null!;
    IEnumerator IEnumerable.GetEnumerator() => throw null!;
}
public sealed class ManagedNamespace : ManagedProxy
{
    public T Get<T>(string name) => throw null!;
    public void Set<T>(string name, T value) => throw null!;
    public bool Contains(string name) => throw null!;
    public bool Remove(string name) => throw null!;
}
