using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>
/// A file in memory (/dev/shm) or in the user's temp folder (macOS), for the current user only. Each holder has a shared
/// lock on it, which the kernel drops with the process however that ends: who gets it exclusively was the last, and
/// removes the file.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class FileBacking : BlockBacking
{
    /// <summary>Files of blocks that the user gave a name.</summary>
    public const string UserPrefix = "procgen.";

    /// <summary>Files of blocks without one, where the system has no anonymous files.</summary>
    private const string UnnamedPrefix = "procgen-";

    private readonly string _file;
    private readonly SafeFileHandle _handle;

    private FileBacking(string file, SafeFileHandle handle)
    {
        _file = file;
        _handle = handle;
    }

    public override string Name => _file.StartsWith(UserPrefix, StringComparison.Ordinal)
        ? _file[UserPrefix.Length..]
        : new BlockLocation(0, 0, null).ToName(Guid.ParseExact(_file.AsSpan(UnnamedPrefix.Length), "N"));

    public override BlockLocation Location => new(0, 0, _file);

    private static string Folder { get; } = OperatingSystem.IsLinux() && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private int Descriptor => (int)_handle.DangerousGetHandle();

    public static string NameOf(Guid id) => UnnamedPrefix + id.ToString("N");

    /// <param name="file">The file's name in its folder.</param>
    /// <param name="length">How long it is to be, in bytes.</param>
    /// <param name="reserve">Take the memory now: the folder may be small, and a page that it has no room for ends the process.</param>
    public static FileBacking Create(string file, long length, bool reserve)
    {
        string path = Path.Combine(Folder, file);
        FileStream stream = new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        FileBacking backing = new(file, stream.SafeFileHandle);
        _ = LibCMemory.Lock(backing.Descriptor, LibCMemory.LockShared);
        if (LibCMemory.Truncate(backing.Descriptor, (nint)length) == 0
            && (!reserve || !OperatingSystem.IsLinux() || LibCMemory.Allocate(backing.Descriptor, 0, 0, (nint)length) == 0))
            return backing;

        _ = LibCMemory.Unlink(path);
        backing._handle.Dispose();
        throw NoRoom(length);
    }

    public static FileBacking? TryOpen(string file)
    {
        string path = Path.Combine(Folder, file);
        if (file.Contains('/') || !IsOurs(file)) return null;
        int descriptor = LibCMemory.Open(path, LibCMemory.ReadWrite | LibCMemory.CloseOnExec | LibCMemory.NoFollow);
        if (descriptor < 0) return null;

        FileBacking backing = new(file, new SafeFileHandle(descriptor, ownsHandle: true));
        _ = LibCMemory.Lock(descriptor, LibCMemory.LockShared);

        // Its last holder may have removed the file between the opening and the lock.
        if (IsStillAt(path, descriptor) && RandomAccess.GetLength(backing._handle) > 0) return backing;
        backing._handle.Dispose();
        return null;
    }

    /// <summary>Removes files whose holders have all ended without removing them.</summary>
    public static void Sweep()
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(Folder, "procgen*"))
            {
                if (!IsOurs(Path.GetFileName(path))) continue;
                int descriptor = LibCMemory.Open(path, LibCMemory.ReadWrite | LibCMemory.CloseOnExec | LibCMemory.NoFollow);
                if (descriptor < 0) continue;

                // An empty new one is being made this moment: its maker has not come to locking it.
                FileInfo file = new(path);
                if (file.Length > 0 || DateTime.UtcNow - file.LastWriteTimeUtc > TimeSpan.FromMinutes(1)) RemoveIfLast(path, descriptor);
                _ = LibCMemory.Close(descriptor);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be read has nothing of ours.
        }
    }

    public override bool TryReadHeader(out BlockHeader header) => TryReadHeader(Descriptor, out header);

    public override MappedRange Map(long offset, long length)
    {
        byte* address = LibCMemory.Map(Descriptor, offset, length);
        return address is not null ? new MappedRange(address, length) : throw NoRoom(length);
    }

    public override void Discard(long offset, long length)
    {
        if (OperatingSystem.IsLinux()) LibCMemory.PunchHole(Descriptor, offset, length);
    }

    public override void Unlink() => _ = LibCMemory.Unlink(Path.Combine(Folder, _file));

    public override void Dispose()
    {
        RemoveIfLast(Path.Combine(Folder, _file), Descriptor);
        _handle.Dispose();
    }

    private static bool IsOurs(string file) =>
        file.StartsWith(UserPrefix, StringComparison.Ordinal) || file.StartsWith(UnnamedPrefix, StringComparison.Ordinal);

    private static void RemoveIfLast(string path, int descriptor)
    {
        if (LibCMemory.Lock(descriptor, LibCMemory.LockExclusive | LibCMemory.LockNonBlocking) == 0 && IsStillAt(path, descriptor)) _ = LibCMemory.Unlink(path);
    }

    /// <summary>Whether the path leads to this very file: its name may have been removed, and given to another since.</summary>
    private static bool IsStillAt(string path, int descriptor)
    {
        int there = LibCMemory.Open(path, LibCMemory.ReadWrite | LibCMemory.CloseOnExec | LibCMemory.NoFollow);
        if (there < 0) return false;
        bool theyAre = TryReadHeader(there, out BlockHeader theirs);
        _ = LibCMemory.Close(there);
        return theyAre == TryReadHeader(descriptor, out BlockHeader ours) && theirs.Id == ours.Id;
    }

    private static bool TryReadHeader(int descriptor, out BlockHeader header)
    {
        header = default;
        fixed (BlockHeader* buffer = &header)
            return LibCMemory.ReadAt(descriptor, (byte*)buffer, sizeof(BlockHeader), 0) == sizeof(BlockHeader);
    }
}
