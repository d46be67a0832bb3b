using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>The C library's files and mappings, as far as shared memory needs them. Linux and macOS.</summary>
internal static unsafe partial class LibCMemory
{
    public const int ReadWrite = 2;
    public const int ProtectReadWrite = 3;
    public const int MapShared = 1;

    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    public const int ErrorPermission = 1;
    public const int ErrorNoEntry = 2;
    public const int ErrorNoProcess = 3;
    public const int ErrorInterrupted = 4;

    /// <summary>Advice to <see cref="Advise"/>: the pages are about to be written, all of them. Linux 5.14.</summary>
    public const int PopulateForWriting = 23;

    private const int MemfdCloseOnExec = 1;
    private const int MemfdAllowSealing = 2;
    private const int AddSeals = 1033;
    private const int SealShrink = 2;
    private const int PunchHoleKeepSize = 3;

    public static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    public static int NoFollow => OperatingSystem.IsMacOS() ? 0x100 : 0x20000;

    // Anonymous, private, fixed, without a swap reservation: the numbers differ.
    private static int MapHollow => OperatingSystem.IsMacOS() ? 0x1052 : 0x4032;

    /// <summary>A file without a name that can grow but never shrink, so that no mapping of it can fault. Linux.</summary>
    /// <returns>The descriptor, or -1.</returns>
    public static int CreateAnonymousFile(string label, long length)
    {
        int descriptor = MemfdCreate(label, MemfdCloseOnExec | MemfdAllowSealing);
        if (descriptor < 0) return -1;
        if (Truncate(descriptor, (nint)length) == 0)
        {
            _ = Control(descriptor, AddSeals, SealShrink);
            return descriptor;
        }

        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        Marshal.SetLastPInvokeError(error);
        return -1;
    }

    public static byte* Map(int descriptor, long offset, long length)
    {
        nint address = MapCore(0, (nint)length, ProtectReadWrite, MapShared, descriptor, (nint)offset);
        return address == -1 ? null : (byte*)address;
    }

    /// <summary>Takes the file away from a range of addresses but leaves the addresses readable and writable.</summary>
    public static bool MakeHollow(byte* address, long length) =>
        MapCore((nint)address, (nint)length, ProtectReadWrite, MapHollow, -1, 0) != -1;

    /// <summary>Gives a range of the file back to the system; it reads as zeros afterwards. Linux.</summary>
    public static bool PunchHole(int descriptor, long offset, long length) =>
        Allocate(descriptor, PunchHoleKeepSize, (nint)offset, (nint)length) == 0;

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(byte* address, nint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int Advise(byte* address, nint length, int advice);

    /// <summary>Says of each page, in a byte, whether it is in memory. Linux.</summary>
    [LibraryImport("libc", EntryPoint = "mincore")]
    public static partial int InCore(byte* address, nint length, byte* pages);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(int descriptor, nint length);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(int descriptor, int mode, nint offset, nint length);

    // Called without a mode, so the variable argument list is empty on every system.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int descriptor, byte* buffer, nint length, nint offset);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLink(string path, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MapCore(nint address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);

    // Variadic in C; called on Linux only, where that makes no difference.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);
}
