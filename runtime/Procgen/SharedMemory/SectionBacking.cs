using System.IO.MemoryMappedFiles;
using System.Runtime.Versioning;
using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>Windows: a named section of the page file, gone with its last holder. Large ones are reserved and committed as they are mapped.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class SectionBacking : BlockBacking
{
    public const string UserPrefix = @"Local\Procgen.";

    private const string UnnamedPrefix = @"Local\Procgen-";
    private const long ReserveFrom = 64L << 20;

    private readonly string _section;
    private readonly MemoryMappedFile _file;

    private SectionBacking(string section, MemoryMappedFile file)
    {
        _section = section;
        _file = file;
    }

    public override string Name => _section.StartsWith(UserPrefix, StringComparison.Ordinal)
        ? _section[UserPrefix.Length..]
        : new BlockLocation(0, 0, null).ToName(Guid.ParseExact(_section.AsSpan(UnnamedPrefix.Length), "N"));

    public override BlockLocation Location => new(0, 0, _section);

    public static string NameOf(Guid id) => UnnamedPrefix + id.ToString("N");

    public static SectionBacking Create(string section, long length)
    {
        MemoryMappedFileOptions options = length >= ReserveFrom ? MemoryMappedFileOptions.DelayAllocatePages : MemoryMappedFileOptions.None;
        return new SectionBacking(section, MemoryMappedFile.CreateNew(section, length, MemoryMappedFileAccess.ReadWrite, options, HandleInheritability.None));
    }

    public static SectionBacking? TryOpen(string section)
    {
        if (!section.StartsWith(UserPrefix, StringComparison.Ordinal) && !section.StartsWith(UnnamedPrefix, StringComparison.Ordinal)) return null;
        try
        {
            return new SectionBacking(section, MemoryMappedFile.OpenExisting(section, MemoryMappedFileRights.ReadWrite));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public override bool TryReadHeader(out BlockHeader header)
    {
        using MemoryMappedViewAccessor view = _file.CreateViewAccessor(0, sizeof(BlockHeader), MemoryMappedFileAccess.Read);
        view.Read(0, out header);
        return true;
    }

    public override MappedRange Map(long offset, long length)
    {
        MemoryMappedViewAccessor view;
        try
        {
            view = _file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.ReadWrite);
        }
        catch (Exception error) when (error is IOException or OutOfMemoryException)
        {
            throw NoRoom(length);
        }

        byte* address = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        address += view.PointerOffset;
        if (Kernel32Memory.CommitPages(address, (nint)length)) return new MappedRange(address, length, new View(view));
        view.Dispose();
        throw NoRoom(length);
    }

    public override void Dispose() => _file.Dispose();

    private sealed class View(MemoryMappedViewAccessor accessor) : IDisposable
    {
        public void Dispose()
        {
            accessor.SafeMemoryMappedViewHandle.ReleasePointer();
            accessor.Dispose();
        }
    }
}
