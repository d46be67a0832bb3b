using System.Runtime.CompilerServices;
using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>What shared values and arrays have in common: data behind a recursive lock in one block, or a lock given by the user.</summary>
internal sealed class LockedPart : IDisposable
{
    /// <summary>Where the data begins: on a cache line of its own.</summary>
    public const long DataField = SharedRecursiveLockState.Size;

    private readonly SharedPart _part;
    private readonly bool _ownsLock;

    private LockedPart(SharedPart part, ProcessRecursiveLock? @lock)
    {
        _part = part;
        _ownsLock = @lock is null;
        Lock = @lock ?? new ProcessRecursiveLock(new SharedRecursiveLockState(part.Share()));
    }

    public ProcessRecursiveLock Lock { get; }

    /// <summary>The memory; throws when it was disposed.</summary>
    public SharedPart Part
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_part.IsDisposed) ThrowDisposed();
            return _part;
        }
    }

    public static LockedPart Create<T>(int length, ProcessRecursiveLock? @lock)
        where T : unmanaged => new(SharedPart.Create(SizeFor<T>(length)), @lock);

    public static LockedPart Read<T>(ref PayloadReader reader, int length)
        where T : unmanaged
    {
        if (length < 0) throw new InvalidDataException("This handle does not lead to shared values.");
        SharedPart part = SharedPart.Read(ref reader, SizeFor<T>(length));
        return new LockedPart(part, reader.ReadHandle<ProcessRecursiveLock>());
    }

    public void Write(ref PayloadWriter writer)
    {
        Part.Write(ref writer);
        writer.WriteHandle(_ownsLock ? null : Lock);
    }

    public void Dispose()
    {
        if (_ownsLock) Lock.Dispose();
        _part.Dispose();
    }

    private static long SizeFor<T>(int length) => DataField + ((long)length * Unsafe.SizeOf<T>());

    private static void ThrowDisposed() => throw new ObjectDisposedException("SharedValue or SharedArray");
}
