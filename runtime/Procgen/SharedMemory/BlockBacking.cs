namespace Procgen.Shared;

/// <summary>What a block's bytes live in: a file without a name, a file with one, or a section of Windows's page file.</summary>
/// <remarks>One per block and process. Not thread-safe beyond what is said: <see cref="SharedBlock"/> orders the calls.</remarks>
internal abstract class BlockBacking : IDisposable
{
    /// <summary>What another process of this user may attach by.</summary>
    public abstract string Name { get; }

    /// <summary>Makes a block that only handles lead to.</summary>
    public static BlockBacking Create(Guid id, long length)
    {
        if (OperatingSystem.IsWindows()) return SectionBacking.Create(SectionBacking.NameOf(id), length);
        return OperatingSystem.IsLinux() && MemfdBacking.TryCreate(id, length) is { } anonymous
            ? anonymous
            : FileBacking.Create(FileBacking.NameOf(id), length, reserve: false);
    }

    /// <summary>Makes a block with a name of the user's.</summary>
    /// <exception cref="IOException">The name is taken, or there is no room.</exception>
    public static BlockBacking CreateNamed(string name, long length) => OperatingSystem.IsWindows()
        ? SectionBacking.Create(SectionBacking.UserPrefix + name, length)
        : FileBacking.Create(FileBacking.UserPrefix + name, length, reserve: true);

    /// <summary>Opens by a <see cref="Name"/>, the user's or a generated one; null when there is no such block.</summary>
    public static BlockBacking? Open(string name)
    {
        if (name[0] == SharedBlock.UnnamedMark)
            return BlockLocation.TryParse(name.AsSpan(1), out Guid id, out BlockLocation location) ? Open(id, location) : null;
        return OperatingSystem.IsWindows()
            ? SectionBacking.TryOpen(SectionBacking.UserPrefix + name)
            : FileBacking.TryOpen(FileBacking.UserPrefix + name);
    }

    /// <summary>Opens what a handle names; null when no living process holds it any more.</summary>
    public static BlockBacking? Open(Guid id, BlockLocation location)
    {
        if (OperatingSystem.IsWindows()) return SectionBacking.TryOpen(location.File ?? SectionBacking.NameOf(id));
        if (location.File is { } file) return FileBacking.TryOpen(file);
        BlockBacking? anonymous = OperatingSystem.IsLinux() ? MemfdBacking.TryOpen(id, location) : null;
        return anonymous ?? FileBacking.TryOpen(FileBacking.NameOf(id));
    }

    /// <summary>Where other processes find it.</summary>
    public abstract BlockLocation Location { get; }

    /// <summary>Reads the first bytes without mapping the rest; false when they are not there.</summary>
    public abstract bool TryReadHeader(out BlockHeader header);

    /// <summary>Shows a range in this process's memory; offset and length are multiples of <see cref="SharedBlock.Granularity"/> or the whole.</summary>
    /// <exception cref="InsufficientMemoryException">There is no room.</exception>
    public abstract MappedRange Map(long offset, long length);

    /// <summary>Gives a range's memory back where the system can; it may read as zeros afterwards.</summary>
    public virtual void Discard(long offset, long length)
    {
    }

    /// <summary>Removes the name, where there is one; those who hold the block keep it.</summary>
    public virtual void Unlink()
    {
    }

    public abstract void Dispose();

    private protected static InsufficientMemoryException NoRoom(long length) =>
        new($"The system has no room for {length} bytes of shared memory.");
}
