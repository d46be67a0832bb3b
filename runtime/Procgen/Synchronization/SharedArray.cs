using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>Values that several processes see and change, without copying, with a lock. Python's <c>Array</c>, and <c>RawArray</c> when the lock is left alone. Pass it to targets as an argument.</summary>
/// <typeparam name="T">A type without references.</typeparam>
/// <remarks>Costs memory as it is touched. A span does not keep its owner alive: use none after disposal.</remarks>
/// <example><code>foreach (ref double x in array.Span) x *= 2;</code></example>
public sealed class SharedArray<T> : IReadOnlyList<T>, IDisposable, IProcessHandle<SharedArray<T>>
    where T : unmanaged
{
    private readonly LockedPart _part;
    private BlockMemoryManager<T>? _memory;

    /// <summary>Makes a new one, all zero.</summary>
    /// <param name="length">How many values, 0 or more.</param>
    /// <param name="lock">A lock to share with others; null for one of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="InsufficientMemoryException">The system has not so much memory.</exception>
    public SharedArray(int length, ProcessRecursiveLock? @lock = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _part = LockedPart.Create<T>(length, @lock);
        Length = length;
    }

    /// <summary>Makes a new one with a copy of some values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="lock">A lock to share with others; null for one of its own.</param>
    /// <exception cref="InsufficientMemoryException">The system has not so much memory.</exception>
    public SharedArray(ReadOnlySpan<T> values, ProcessRecursiveLock? @lock = null)
        : this(values.Length, @lock) => values.CopyTo(Span);

    private SharedArray(LockedPart part, int length)
    {
        _part = part;
        Length = length;
    }

    /// <summary>How many values there are.</summary>
    public int Length { get; }

    /// <summary>The values themselves.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public Span<T> Span => MemoryMarshal.CreateSpan(ref _part.Part.At<T>(LockedPart.DataField), Length);

    /// <summary>The values themselves, for asynchronous methods.</summary>
    /// <inheritdoc cref="Span" path="/exception"/>
    public Memory<T> Memory
    {
        get
        {
            SharedPart part = _part.Part;
            return (_memory ??= new BlockMemoryManager<T>(part, LockedPart.DataField, Length)).Memory;
        }
    }

    /// <summary>The lock that goes with the values. Python's <c>get_lock()</c>.</summary>
    public ProcessRecursiveLock Lock => _part.Lock;

    int IReadOnlyCollection<T>.Count => Length;

    /// <summary>One value, by reference. Use none after disposal.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such value.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Span[index];
    }

    T IReadOnlyList<T>.this[int index] => this[index];

    /// <summary>Walks over the values by reference: <c>foreach (ref T value in array)</c>.</summary>
    public Span<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator()
    {
        for (int i = 0; i < Length; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    /// <summary>Closes this process's hold, and that of the lock unless one was given. Spans must not be used after that.</summary>
    public void Dispose() => _part.Dispose();

    void IProcessHandle<SharedArray<T>>.WriteHandle(ref PayloadWriter writer)
    {
        writer.WriteMemory(Length);
        _part.Write(ref writer);
    }

    static SharedArray<T> IProcessHandle<SharedArray<T>>.ReadHandle(ref PayloadReader reader)
    {
        int length = reader.ReadMemory<int>();
        return new SharedArray<T>(LockedPart.Read<T>(ref reader, length), length);
    }
}
