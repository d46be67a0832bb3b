using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.ComponentModel;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>The base class library's collections, by the names of their types. Comparers do not cross.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CollectionCodecs
{
    /// <summary>Last in, first out; written from the bottom.</summary>
    public static Codec<Stack<T>> Stack<T>(Codec<T> element) =>
        new CollectionCodec<Stack<T>, T>(element, CollectionKind.LastInFirstOut, static items =>
        {
            Stack<T> stack = new(items.Length);
            foreach (T item in items) stack.Push(item);
            return stack;
        });

    /// <summary>First in, first out.</summary>
    public static Codec<Queue<T>> Queue<T>(Codec<T> element) =>
        new CollectionCodec<Queue<T>, T>(element, CollectionKind.Exact, static items =>
        {
            Queue<T> queue = new(items.Length);
            foreach (T item in items) queue.Enqueue(item);
            return queue;
        });

    /// <summary>A set by hash code.</summary>
    public static Codec<HashSet<T>> HashSet<T>(Codec<T> element) =>
        new CollectionCodec<HashSet<T>, T>(element, CollectionKind.Exact, ToHashSet);

    /// <summary>A set in order.</summary>
    public static Codec<SortedSet<T>> SortedSet<T>(Codec<T> element) =>
        new CollectionCodec<SortedSet<T>, T>(element, CollectionKind.Exact, static items =>
        {
            SortedSet<T> set = [];
            foreach (T item in items) set.Add(item);
            return set;
        });

    /// <summary>A doubly linked list.</summary>
    public static Codec<LinkedList<T>> LinkedList<T>(Codec<T> element) =>
        new CollectionCodec<LinkedList<T>, T>(element, CollectionKind.Exact, static items =>
        {
            LinkedList<T> list = new();
            foreach (T item in items) list.AddLast(item);
            return list;
        });

    /// <summary>Any sequence; read as an array.</summary>
    public static Codec<IEnumerable<T>> IEnumerable<T>(Codec<T> element) =>
        new CollectionCodec<IEnumerable<T>, T>(element, CollectionKind.Open, static items => items.ToArray());

    /// <summary>Any collection; read as a list.</summary>
    public static Codec<ICollection<T>> ICollection<T>(Codec<T> element) =>
        new CollectionCodec<ICollection<T>, T>(element, CollectionKind.Open, ToList);

    /// <summary>Any list; read as a list.</summary>
    public static Codec<IList<T>> IList<T>(Codec<T> element) =>
        new CollectionCodec<IList<T>, T>(element, CollectionKind.Open, ToList);

    /// <summary>Any collection that is read only; read as an array.</summary>
    public static Codec<IReadOnlyCollection<T>> IReadOnlyCollection<T>(Codec<T> element) =>
        new CollectionCodec<IReadOnlyCollection<T>, T>(element, CollectionKind.Open, static items => items.ToArray());

    /// <summary>Any list that is read only; read as an array.</summary>
    public static Codec<IReadOnlyList<T>> IReadOnlyList<T>(Codec<T> element) =>
        new CollectionCodec<IReadOnlyList<T>, T>(element, CollectionKind.Open, static items => items.ToArray());

    /// <summary>Any set; read as a hash set.</summary>
    public static Codec<ISet<T>> ISet<T>(Codec<T> element) =>
        new CollectionCodec<ISet<T>, T>(element, CollectionKind.Open, ToHashSet);

    /// <summary>Any set that is read only; read as a hash set.</summary>
    public static Codec<IReadOnlySet<T>> IReadOnlySet<T>(Codec<T> element) =>
        new CollectionCodec<IReadOnlySet<T>, T>(element, CollectionKind.Open, ToHashSet);

    /// <summary>The collection that others derive from.</summary>
    public static Codec<Collection<T>> Collection<T>(Codec<T> element) =>
        new CollectionCodec<Collection<T>, T>(element, CollectionKind.Exact, static items => new Collection<T>(ToList(items)));

    /// <summary>A list that is read only.</summary>
    public static Codec<ReadOnlyCollection<T>> ReadOnlyCollection<T>(Codec<T> element) =>
        new CollectionCodec<ReadOnlyCollection<T>, T>(element, CollectionKind.Exact, static items => new ReadOnlyCollection<T>(items.ToArray()));

    /// <summary>A collection that tells of changes; its subscribers do not cross.</summary>
    public static Codec<ObservableCollection<T>> ObservableCollection<T>(Codec<T> element) =>
        new CollectionCodec<ObservableCollection<T>, T>(element, CollectionKind.Exact, static items => new ObservableCollection<T>(ToList(items)));

    /// <summary>One that is read only, over a collection of its own.</summary>
    public static Codec<ReadOnlyObservableCollection<T>> ReadOnlyObservableCollection<T>(Codec<T> element) =>
        new CollectionCodec<ReadOnlyObservableCollection<T>, T>(
            element,
            CollectionKind.Exact,
            static items => new ReadOnlyObservableCollection<T>(new ObservableCollection<T>(ToList(items))));

    /// <summary>Many threads', first in, first out.</summary>
    public static Codec<ConcurrentQueue<T>> ConcurrentQueue<T>(Codec<T> element) =>
        new CollectionCodec<ConcurrentQueue<T>, T>(element, CollectionKind.Shared, static items => new ConcurrentQueue<T>(items.ToArray()));

    /// <summary>Many threads', last in, first out; written from the bottom.</summary>
    public static Codec<ConcurrentStack<T>> ConcurrentStack<T>(Codec<T> element) =>
        new CollectionCodec<ConcurrentStack<T>, T>(element, CollectionKind.LastInFirstOut, static items => new ConcurrentStack<T>(items.ToArray()));

    /// <summary>Many threads', in no order.</summary>
    public static Codec<ConcurrentBag<T>> ConcurrentBag<T>(Codec<T> element) =>
        new CollectionCodec<ConcurrentBag<T>, T>(element, CollectionKind.Shared, static items => new ConcurrentBag<T>(items.ToArray()));

    /// <summary>A queue that blocks; its bound does not cross.</summary>
    public static Codec<BlockingCollection<T>> BlockingCollection<T>(Codec<T> element) =>
        new CollectionCodec<BlockingCollection<T>, T>(element, CollectionKind.Shared, static items =>
        {
            BlockingCollection<T> collection = [];
            foreach (T item in items) collection.Add(item);
            return collection;
        });

    /// <summary>A tree that never changes, by index.</summary>
    public static Codec<ImmutableList<T>> ImmutableList<T>(Codec<T> element) =>
        new CollectionCodec<ImmutableList<T>, T>(element, CollectionKind.Exact, System.Collections.Immutable.ImmutableList.Create<T>);

    /// <summary>Any immutable list; read as an <see cref="ImmutableList{T}"/>.</summary>
    public static Codec<IImmutableList<T>> IImmutableList<T>(Codec<T> element) =>
        new CollectionCodec<IImmutableList<T>, T>(element, CollectionKind.Open, System.Collections.Immutable.ImmutableList.Create<T>);

    /// <summary>A set that never changes, by hash code.</summary>
    public static Codec<ImmutableHashSet<T>> ImmutableHashSet<T>(Codec<T> element) =>
        new CollectionCodec<ImmutableHashSet<T>, T>(element, CollectionKind.Exact, System.Collections.Immutable.ImmutableHashSet.Create<T>);

    /// <summary>Any immutable set; read as an <see cref="ImmutableHashSet{T}"/>.</summary>
    public static Codec<IImmutableSet<T>> IImmutableSet<T>(Codec<T> element) =>
        new CollectionCodec<IImmutableSet<T>, T>(element, CollectionKind.Open, System.Collections.Immutable.ImmutableHashSet.Create<T>);

    /// <summary>A set that never changes, in order.</summary>
    public static Codec<ImmutableSortedSet<T>> ImmutableSortedSet<T>(Codec<T> element) =>
        new CollectionCodec<ImmutableSortedSet<T>, T>(element, CollectionKind.Exact, System.Collections.Immutable.ImmutableSortedSet.Create<T>);

    /// <summary>A queue that never changes.</summary>
    public static Codec<ImmutableQueue<T>> ImmutableQueue<T>(Codec<T> element) =>
        new CollectionCodec<ImmutableQueue<T>, T>(element, CollectionKind.Exact, System.Collections.Immutable.ImmutableQueue.Create<T>);

    /// <summary>Any immutable queue; read as an <see cref="ImmutableQueue{T}"/>.</summary>
    public static Codec<IImmutableQueue<T>> IImmutableQueue<T>(Codec<T> element) =>
        new CollectionCodec<IImmutableQueue<T>, T>(element, CollectionKind.Open, System.Collections.Immutable.ImmutableQueue.Create<T>);

    /// <summary>A stack that never changes; written from the bottom.</summary>
    public static Codec<ImmutableStack<T>> ImmutableStack<T>(Codec<T> element) =>
        new CollectionCodec<ImmutableStack<T>, T>(element, CollectionKind.LastInFirstOut, System.Collections.Immutable.ImmutableStack.Create<T>);

    /// <summary>Any immutable stack; read as an <see cref="ImmutableStack{T}"/>.</summary>
    public static Codec<IImmutableStack<T>> IImmutableStack<T>(Codec<T> element) =>
        new CollectionCodec<IImmutableStack<T>, T>(element, CollectionKind.OpenLastInFirstOut, System.Collections.Immutable.ImmutableStack.Create<T>);

#if NET9_0_OR_GREATER
    /// <summary>A set that is read only, over a hash set of its own.</summary>
    public static Codec<ReadOnlySet<T>> ReadOnlySet<T>(Codec<T> element) =>
        new CollectionCodec<ReadOnlySet<T>, T>(element, CollectionKind.Exact, static items => new ReadOnlySet<T>(ToHashSet(items)));
#endif

    /// <summary>A set made once for many look-ups.</summary>
    public static Codec<FrozenSet<T>> FrozenSet<T>(Codec<T> element) =>
        new CollectionCodec<FrozenSet<T>, T>(element, CollectionKind.Open, static items => ToHashSet(items).ToFrozenSet());

    private static List<T> ToList<T>(ReadOnlySpan<T> items)
    {
        List<T> list = new(items.Length);
        list.AddRange(items);
        return list;
    }

    private static HashSet<T> ToHashSet<T>(ReadOnlySpan<T> items)
    {
        HashSet<T> set = new(items.Length);
        foreach (T item in items) set.Add(item);
        return set;
    }
}
