using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen;

/// <summary>
/// Bytes that several processes see and change, without copying. Python's <c>shared_memory.SharedMemory</c>. Pass it to
/// targets as an argument, or attach by name.
/// </summary>
/// <remarks>
/// <para>
/// Gone with its last holder, however that ended. Where the user gave a name, what a killed last holder left is removed
/// at the latest when some process of the same user uses the library next.
/// </para>
/// <para>
/// A span does not keep its owner alive, and no finalizer gives memory back: dispose it, and use no span after that.
/// Nothing here orders concurrent access: use a lock, or atomic operations.
/// </para>
/// </remarks>
public sealed class SharedMemory : IDisposable, IProcessHandle<SharedMemory>
{
    private const int MaxNameLength = 200;

    private readonly SharedPart _part;
    private BlockMemoryManager<byte>? _memory;

    private SharedMemory(SharedPart part, long size, string name)
    {
        _part = part;
        Size = size;
        Name = name;
    }

    /// <summary>What <see cref="Attach"/> takes in other processes of the same user: the given name, or a generated one, which works while this process holds the memory.</summary>
    public string Name { get; }

    /// <summary>How many bytes there are.</summary>
    public long Size { get; }

    /// <summary>All bytes.</summary>
    /// <exception cref="InvalidOperationException">There are more than a span can hold, 2,147,483,647: use <see cref="GetSpan"/>.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public Span<byte> Span => Block.GetSpan(0, SpanLength);

    /// <summary>All bytes, for asynchronous methods.</summary>
    /// <inheritdoc cref="Span" path="/exception"/>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_part.IsDisposed, this);
            return (_memory ??= new BlockMemoryManager<byte>(_part, 0, SpanLength)).Memory;
        }
    }

    private SharedBlock Block
    {
        get
        {
            ObjectDisposedException.ThrowIf(_part.IsDisposed, this);
            return _part.Block;
        }
    }

    private int SpanLength => Size <= int.MaxValue
        ? (int)Size
        : throw new InvalidOperationException($"{Size} bytes do not fit into one span: take them by GetSpan(offset, length).");

    /// <summary>Makes zeroed memory.</summary>
    /// <param name="size">How many bytes, 1 or more. Unless it has a name, it costs memory as it is touched.</param>
    /// <param name="name">Null, or a name that <see cref="Attach"/> finds it by: up to 200 characters, no slash or backslash, not beginning with a dot or an at sign.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    /// <exception cref="ArgumentException">The name is none.</exception>
    /// <exception cref="IOException">The name is in use.</exception>
    /// <exception cref="InsufficientMemoryException">The system has not so much memory.</exception>
    public static SharedMemory Create(long size, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (name is not null) CheckName(name);
        SharedBlock block = name is null ? SharedBlock.Create(size) : SharedBlock.CreateNamed(size, name);
        return new SharedMemory(new SharedPart(block), size, block.Name);
    }

    /// <summary>Opens memory by its <see cref="Name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="FileNotFoundException">There is no such memory, or no longer.</exception>
    /// <exception cref="ArgumentException">That cannot be a name.</exception>
    public static SharedMemory Attach(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name[0] != SharedBlock.UnnamedMark) CheckName(name);
        SharedBlock block = SharedBlock.Attach(name)
            ?? throw new FileNotFoundException($"There is no shared memory '{name}': it was never made, or its last holder has disposed it or ended.", name);
        return new SharedMemory(new SharedPart(block), block.Size, block.Name);
    }

    /// <summary>Some of the bytes.</summary>
    /// <param name="offset">The first, from 0.</param>
    /// <param name="length">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not all inside.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public Span<byte> GetSpan(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Size - offset);
        return Block.GetSpan(offset, length);
    }

    /// <summary>Removes the given name: nobody can attach by it any more, and those who have go on. Does nothing where no name was given, and on Windows, where the name goes with the last holder.</summary>
    public void Unlink() => Block.Unlink();

    /// <summary>Closes this process's hold. Spans must not be used after that.</summary>
    public void Dispose() => _part.Dispose();

    void IProcessHandle<SharedMemory>.WriteHandle(ref PayloadWriter writer) => _part.Write(ref writer);

    static SharedMemory IProcessHandle<SharedMemory>.ReadHandle(ref PayloadReader reader)
    {
        SharedPart part = SharedPart.Read(ref reader, 1);
        return new SharedMemory(part, part.Block.Size, part.Block.Name);
    }

    private static void CheckName(string name)
    {
        if (name.Length is > 0 and <= MaxNameLength && name[0] is not '.' and not SharedBlock.UnnamedMark && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0) return;
        throw new ArgumentException("A name has 1 to 200 characters, no slash or backslash, and begins with neither a dot nor an at sign.", nameof(name));
    }
}
