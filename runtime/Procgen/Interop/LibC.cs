using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>
/// The C library of Linux (glibc and musl) and macOS. Every signature is blittable, so that no marshalling code is made at
/// run time. What is needed of it stands in one file a concern: processes, signals, descriptors, sockets.
/// </summary>
internal static partial class LibC
{
    private const string Library = "libc";

    /// <summary>Error numbers, where the two systems differ on them.</summary>
    internal static class Error
    {
        public const int NotPermitted = 1;
        public const int NoEntry = 2;
        public const int NoProcess = 3;
        public const int Interrupted = 4;
        public const int NoChild = 10;
        public const int AccessDenied = 13;
        public const int NotDirectory = 20;
        public const int Invalid = 22;
        public const int BrokenPipe = 32;

        public static int WouldWait => OperatingSystem.IsMacOS() ? 35 : 11;

        public static int ConnectionAborted => OperatingSystem.IsMacOS() ? 53 : 103;

        public static int ConnectionReset => OperatingSystem.IsMacOS() ? 54 : 104;

        public static int ConnectionRefused => OperatingSystem.IsMacOS() ? 61 : 111;
    }

    /// <summary>What the system says about <paramref name="error"/>, as "No such file or directory".</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    [LibraryImport(Library)]
    public static partial int getppid();

    /// <summary>Ends the process at once: no finally, no exit handler, nothing flushed.</summary>
    [LibraryImport(Library)]
    public static partial void _exit(int code);

    /// <summary>Writes out all open C streams.</summary>
    public static void FlushAll() => _ = fflush(0);

    [LibraryImport(Library)]
    private static partial int fflush(nint stream);

    [LibraryImport(Library)]
    public static unsafe partial int setenv(byte* name, byte* value, int overwrite);

    [LibraryImport(Library)]
    public static unsafe partial int unsetenv(byte* name);
}
