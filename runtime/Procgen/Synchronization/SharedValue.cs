using Procgen.CompilerServices;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>One value that several processes see and change, with a lock. Python's <c>Value</c>, and <c>RawValue</c> when the lock is left alone. Pass it to targets as an argument.</summary>
/// <typeparam name="T">A type without references.</typeparam>
/// <example><code>using (counter.Lock.EnterScope()) counter.Value++;</code></example>
public sealed class SharedValue<T> : IDisposable, IProcessHandle<SharedValue<T>>
    where T : unmanaged
{
    private readonly LockedPart _part;

    /// <summary>Makes a new one.</summary>
    /// <param name="initial">What it begins with.</param>
    /// <param name="lock">A lock to share with others; null for one of its own.</param>
    public SharedValue(T initial = default, ProcessRecursiveLock? @lock = null)
        : this(LockedPart.Create<T>(1, @lock)) => Value = initial;

    private SharedValue(LockedPart part) => _part = part;

    /// <summary>The value itself: reading and changing it are not atomic for every type, so hold the lock or use <see cref="Interlocked"/> on the reference. Use no reference after disposal.</summary>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public ref T Value => ref _part.Part.At<T>(LockedPart.DataField);

    /// <summary>The lock that goes with the value. Python's <c>get_lock()</c>.</summary>
    public ProcessRecursiveLock Lock => _part.Lock;

    /// <summary>Closes this process's hold, and that of the lock unless one was given.</summary>
    public void Dispose() => _part.Dispose();

    void IProcessHandle<SharedValue<T>>.WriteHandle(ref PayloadWriter writer) => _part.Write(ref writer);

    static SharedValue<T> IProcessHandle<SharedValue<T>>.ReadHandle(ref PayloadReader reader) => new(LockedPart.Read<T>(ref reader, 1));
}
