using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Linux only: descriptors of processes, and waiting for many of them at once.</summary>
internal static partial class LibC
{
    public const int EventAdd = 1;
    public const int EventRemove = 2;
    public const uint EventReadable = 1;
    public const int EventsCloseOnExec = 0x80000;

    /// <summary><c>pidfd_open</c>, since Linux 5.3. Its number is the same on every architecture; musl has no function for it.</summary>
    public static int OpenProcess(int process) => (int)syscall(434, process, 0);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int epoll_ctl(int events, int operation, int descriptor, byte* entry);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int epoll_wait(int events, byte* entries, int room, int milliseconds);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second);
}
