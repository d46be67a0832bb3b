using System.Runtime.CompilerServices;
using Procgen.CompilerServices;

namespace Procgen.Shared;

/// <summary>
/// A handle's piece of a block: one reference to the block, where the piece begins, and whether the handle was disposed.
/// What a lock or an event consists of in this process.
/// </summary>
/// <remarks>Thread-safe. After disposal the memory behind <see cref="At{T}"/> stays harmless; waits look at <see cref="IsDisposed"/>.</remarks>
internal sealed class SharedPart : IDisposable
{
    private readonly SharedBlock _block;
    private readonly long _offset;
    private int _disposed;

    /// <param name="block">The block; this takes over one reference to it.</param>
    /// <param name="offset">Where the piece begins.</param>
    public SharedPart(SharedBlock block, long offset = 0)
    {
        _block = block;
        _offset = offset;
    }

    public SharedBlock Block => _block;

    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>A piece that is a block of its own.</summary>
    public static SharedPart Create(long size) => new(SharedBlock.Create(size));

    /// <summary>Opens what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where it was written.</param>
    /// <param name="size">How long the piece must be.</param>
    /// <exception cref="ConnectionLostException">No process that held it is left.</exception>
    public static SharedPart Read(ref PayloadReader reader, long size)
    {
        long offset = reader.ReadMemory<long>();
        SharedBlock block = SharedBlock.Read(ref reader);
        if (offset >= 0 && offset % sizeof(long) == 0 && size <= block.Size - offset) return new SharedPart(block, offset);
        block.Release();
        throw new InvalidDataException("This handle leads outside its shared memory.");
    }

    public void Write(ref PayloadWriter writer)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        writer.WriteMemory(_offset);
        _block.Write(ref writer);
    }

    /// <summary>The same memory for another handle object of this process.</summary>
    public SharedPart Share(long offset = 0)
    {
        _block.AddReference();
        return new SharedPart(_block, _offset + offset);
    }

    /// <summary>A second view of the memory in this process, as if in another: for tests.</summary>
    public SharedPart OpenAgain() => new(_block.OpenAgain(), _offset);

    /// <summary>A field, at its offset in the piece.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At<T>(long field) => ref _block.At<T>(_offset + field);

    /// <summary>A field to sleep on.</summary>
    public WaitWord Word(long field) => new(_block, _offset + field);

    /// <summary>Closes, and wakes those who sleep on a field, so that they notice.</summary>
    public void Dispose(long sleepField)
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Word(sleepField).WakeAll();
        _block.Release();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _block.Release();
    }
}
