using System.Runtime.CompilerServices;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Shared;

/// <summary>
/// Memory that several processes see: a first range that is mapped at once, and room behind it that is mapped as needed
/// (<see cref="Map"/>), all in one file, so that whoever holds the block holds all of it and no process's death takes a
/// part away. Counted: each handle object of this process is one reference, each handle in transit another; the last one
/// closes it. No finalizer does.
/// </summary>
/// <remarks>
/// Thread-safe. Within one process there is one instance per block. Accessors check nothing after the last release: the
/// addresses stay harmless for a while (<see cref="RetiredMappings"/>), and public types check their own disposal.
/// </remarks>
internal sealed unsafe class SharedBlock
{
    /// <summary>What offset and length of a <see cref="Map"/> are multiples of.</summary>
    public const long Granularity = 65536;

    /// <summary>The most that <see cref="Create"/> takes as capacity; nothing of it costs memory until it is touched.</summary>
    public static readonly long MaxCapacity = OperatingSystem.IsWindows() ? 4L << 30 : 1L << 40;

    /// <summary>Starts the names of blocks that the user gave none.</summary>
    public const char UnnamedMark = '@';

    private static readonly object s_gate = new();
    private static readonly Dictionary<Guid, SharedBlock> s_open = [];

    private readonly BlockBacking _backing;
    private readonly MappedRange _first;
    private readonly byte* _data;
    private readonly bool _listed;
    private HandleArrivals?[]? _arrivals; // By sender; made for the first handle that somebody waits for.
    private int _references = 1;

    private SharedBlock(BlockBacking backing, MappedRange first, bool listed)
    {
        _backing = backing;
        _first = first;
        _listed = listed;
        _data = first.Address + sizeof(BlockHeader);
        Id = Head.Id;
        Size = Head.Size;
    }

    /// <summary>The same in every process.</summary>
    public Guid Id { get; }

    /// <summary>How many bytes of the first range are the user's, from offset 0.</summary>
    public long Size { get; }

    /// <summary>Where the first <see cref="Map"/> may begin.</summary>
    public long MappableFrom => (FileLength(Size) + Granularity - 1) / Granularity * Granularity;

    /// <summary>What another process of this user can attach by, while this one holds the block.</summary>
    public string Name => _backing.Name;

    private ref BlockHeader Head => ref *(BlockHeader*)_first.Address;

    /// <summary>Makes a zeroed block without a name.</summary>
    /// <param name="size">Bytes that are mapped at once.</param>
    /// <param name="capacity">How far <see cref="Map"/> may reach, headers included; 0 for a block that needs no more room.</param>
    public static SharedBlock Create(long size, long capacity = 0)
    {
        MachineMemory.CheckHas(size);
        StaleBlocks.SweepOnce();
        Guid id = Guid.NewGuid();
        return Make(BlockBacking.Create(id, Math.Max(FileLength(size), capacity)), id, size);
    }

    /// <summary>Makes a zeroed block that <see cref="Attach"/> finds by its name.</summary>
    public static SharedBlock CreateNamed(long size, string name)
    {
        MachineMemory.CheckHas(size);
        StaleBlocks.Sweep();
        return Make(BlockBacking.CreateNamed(name, FileLength(size)), Guid.NewGuid(), size);
    }

    /// <summary>Opens by a <see cref="Name"/>; null when there is no such block.</summary>
    public static SharedBlock? Attach(string name)
    {
        StaleBlocks.Sweep();
        return BlockBacking.Open(name) is { } backing ? Adopt(backing) : null;
    }

    /// <summary>Opens what <see cref="Write(ref PayloadWriter)"/> wrote, at once: from then on this process holds it too.</summary>
    /// <exception cref="ConnectionLostException">No process that held it is left.</exception>
    public static SharedBlock Read(ref PayloadReader reader)
    {
        SharedBlock block = Read(ref reader, out HandleSender sender);
        if (sender.IsWaiting) block.Arrive(sender, reader.Receipt);
        return block;
    }

    /// <summary>The same, without a word to the sender.</summary>
    public static SharedBlock Read(ref PayloadReader reader, out HandleSender sender)
    {
        Guid id = reader.ReadGuid();
        BlockLocation location = BlockLocation.Read(ref reader);
        sender = HandleSender.Read(ref reader);
        return FindOpen(id)
            ?? Adopt(BlockBacking.Open(id, location)
                ?? throw new ConnectionLostException("The shared memory behind this handle is gone: every process that held it has disposed it or ended."));
    }

    /// <summary>Appends a few bytes that lead here, and keeps the block open while the writer's scope does.</summary>
    public void Write(ref PayloadWriter writer)
    {
        HandleSender sender = writer.Scope is { IsAwaited: true } ? HandleSender.Own : HandleSender.None;
        Write(ref writer, sender);
        if (writer.Scope is not { } scope) return;
        AddReference();
        scope.Add(new BlockLease(this, sender));
    }

    /// <summary>Appends the bytes alone.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="sender">Whom the opening is reported to.</param>
    public void Write(ref PayloadWriter writer, HandleSender sender)
    {
        writer.WriteGuid(Id);
        _backing.Location.Write(ref writer);
        sender.Write(ref writer);
    }

    /// <summary>A value in the first range. The caller has checked the offset, and <typeparamref name="T"/> holds no references.</summary>
    /// <remarks>Without the <c>unmanaged</c> constraint: crossgen neither compiles nor inlines methods that have it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At<T>(long offset) => ref Unsafe.AsRef<T>(_data + offset);

    /// <summary>The address of an offset in the first range; stable as long as the block is referenced.</summary>
    public byte* AddressOf(long offset) => _data + offset;

    /// <summary>Bytes of the first range. The caller has checked the bounds.</summary>
    public Span<byte> GetSpan(long offset, int length) => new(_data + offset, length);

    /// <summary>Shows another range, at or behind <see cref="MappableFrom"/> and within the capacity. Any process may map any range at any time.</summary>
    /// <remarks>Dispose the view before the block's last release, or keep it for good.</remarks>
    public SharedView Map(long offset, long length) => new(this, _backing.Map(offset, length), offset);

    /// <summary>Gives the memory of a range that no process uses any more back to the system, where it can; it may read as zeros afterwards.</summary>
    public void Discard(long offset, long length) => _backing.Discard(offset, length);

    /// <summary>Counts how often a process has opened the block by a handle of this sender.</summary>
    internal WaitWord OpeningsOf(HandleSender sender) => new(this, BlockHeader.OpeningsOffset - sizeof(BlockHeader) + (sizeof(int) * sender.Index));

    /// <summary>What became of the handles that a sender has sent: this process, or one that has left its to it.</summary>
    internal HandleArrivals ArrivalsOf(HandleSender sender)
    {
        lock (s_gate) return (_arrivals ??= new HandleArrivals[HandleSender.Count])[sender.Index] ??= new HandleArrivals(OpeningsOf(sender));
    }

    /// <summary>Removes a user's name; holders go on.</summary>
    public void Unlink() => _backing.Unlink();

    /// <summary>Counts one more user of this instance.</summary>
    /// <exception cref="ObjectDisposedException">The last one is gone.</exception>
    public void AddReference()
    {
        lock (s_gate)
        {
            ObjectDisposedException.ThrowIf(_references == 0, this);
            _references++;
        }
    }

    /// <summary>Counts one less; the last one closes the block in this process.</summary>
    public void Release()
    {
        lock (s_gate)
        {
            if (--_references > 0) return;
            if (_listed) s_open.Remove(Id);
        }

        if (OperatingSystem.IsWindows()) WordSemaphores.Forget(Id);
        RetiredMappings.Add(_first);
        _backing.Dispose();
    }

    /// <summary>A second instance of the same block in this process, as if in another: for tests.</summary>
    internal SharedBlock OpenAgain()
    {
        BlockBacking backing = BlockBacking.Open(Name) ?? throw new InvalidOperationException("The block is gone.");
        return new SharedBlock(backing, MapExisting(backing), listed: false);
    }

    /// <summary>Tells the sender of a handle that it was opened, now or when the item that it came in is taken for good.</summary>
    private void Arrive(HandleSender sender, HandleReceipt? receipt)
    {
        WaitWord openings = OpeningsOf(sender);
        if (receipt is null)
        {
            HandleArrivals.Report(openings);
            return;
        }

        AddReference();
        receipt.Add(() => HandleArrivals.Report(openings), Release);
    }

    private static long FileLength(long size) => checked(size + sizeof(BlockHeader));

    private static SharedBlock Make(BlockBacking backing, Guid id, long size)
    {
        MappedRange first = MapFirst(backing, size);
        ref BlockHeader head = ref *(BlockHeader*)first.Address;
        head.Id = id;
        head.Size = size;
        Volatile.Write(ref head.Magic, BlockHeader.ExpectedMagic);
        SharedBlock block = new(backing, first, listed: true);
        lock (s_gate) s_open.Add(id, block);
        return block;
    }

    private static SharedBlock? FindOpen(Guid id)
    {
        lock (s_gate)
        {
            if (!s_open.TryGetValue(id, out SharedBlock? open)) return null;
            open._references++;
            return open;
        }
    }

    private static SharedBlock Adopt(BlockBacking backing)
    {
        MappedRange first = MapExisting(backing);
        SharedBlock block = new(backing, first, listed: true);
        lock (s_gate)
        {
            if (s_open.TryAdd(block.Id, block)) return block;
            block = s_open[block.Id];
            block._references++;
        }

        RetiredMappings.Add(first);
        backing.Dispose();
        return block;
    }

    private static MappedRange MapExisting(BlockBacking backing)
    {
        if (backing.TryReadHeader(out BlockHeader header) && header.Magic == BlockHeader.ExpectedMagic && header.Size >= 0)
            return MapFirst(backing, header.Size);
        backing.Dispose();
        throw new InvalidDataException("This shared memory was not made by this version of Procgen, or is still being made.");
    }

    /// <summary>Maps the first range, or gives the backing up.</summary>
    private static MappedRange MapFirst(BlockBacking backing, long size)
    {
        try
        {
            return backing.Map(0, FileLength(size));
        }
        catch
        {
            backing.Dispose();
            throw;
        }
    }
}
