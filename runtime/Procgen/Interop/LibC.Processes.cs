using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Starting, limiting, waiting for and ending processes.</summary>
internal static partial class LibC
{
    /// <summary>For <c>waitid</c>: this one process.</summary>
    public const int OneProcess = 1;

    /// <summary>For <c>waitid</c>: that have ended.</summary>
    public const int WaitEnded = 4;

    /// <summary>For <c>waitpid</c>: return at once.</summary>
    public const int WaitNoHang = 1;

    /// <summary>For <c>setpriority</c>: a process (on Linux, where 0 is asked for: the calling thread).</summary>
    public const int PriorityOfProcess = 0;

    /// <summary>For <c>prlimit</c> on Linux: private writable memory. Reserved address space, of which a CLR has plenty, does not count.</summary>
    public const int LimitData = 2;

    /// <summary>For <c>waitid</c>: leave the process as it is, to be reaped later.</summary>
    public static int WaitOnly => OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;

    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawn(int* process, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawnattr_setsigdefault(void* attributes, void* signals);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawnattr_setsigmask(void* attributes, void* signals);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawn_file_actions_addopen(void* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport(Library)]
    public static unsafe partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    /// <summary>glibc 2.29, musl 1.1.24, macOS 10.15 and later.</summary>
    [LibraryImport(Library)]
    public static unsafe partial int posix_spawn_file_actions_addchdir_np(void* actions, byte* path);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int waitid(int kind, uint id, void* information, int options);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int waitpid(int process, int* status, int options);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int kill(int process, int signal);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setpriority(int which, uint who, int niceness);

    /// <summary>Linux only; process 0 is the calling thread.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int sched_setaffinity(int process, nuint size, void* mask);

    /// <summary>Linux only.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int prlimit(int process, int resource, ResourceLimit* wanted, ResourceLimit* previous);

    /// <summary>macOS only: the number of ids written to <paramref name="buffer"/>.</summary>
    [LibraryImport(Library)]
    public static unsafe partial int proc_listchildpids(int parent, int* buffer, int bytes);
}
