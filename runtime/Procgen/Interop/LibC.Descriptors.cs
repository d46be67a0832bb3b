using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Descriptors and files.</summary>
internal static partial class LibC
{
    public const short PollReadable = 1;

    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }

    [LibraryImport(Library)]
    public static partial int close(int descriptor);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int unlink(byte* path);

    /// <summary>For systems where a descriptor cannot be born close-on-exec.</summary>
    /// <remarks>
    /// <c>fcntl</c> is variadic. Apple's ARM64 passes variadic arguments on the stack, every other ABI used here in the next
    /// register: the flag is passed in both places, with the registers between filled up.
    /// </remarks>
    public static void SetCloseOnExec(int descriptor)
        => _ = fcntl(descriptor, SetDescriptorFlags, CloseOnExec, 0, 0, 0, 0, 0, CloseOnExec);

    [LibraryImport(Library)]
    private static partial int fcntl(int descriptor, int command, nint third, nint fourth, nint fifth, nint sixth, nint seventh, nint eighth, nint onStack);
}
