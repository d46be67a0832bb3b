using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Overlapped calls of named pipes.</summary>
internal static unsafe partial class Kernel32
{
    [LibraryImport(Library, SetLastError = true)]
    public static partial int ConnectNamedPipe(nint pipe, NativeOverlapped* overlapped);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int WriteFile(nint handle, byte* buffer, uint count, uint* written, NativeOverlapped* overlapped);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int GetOverlappedResult(nint handle, NativeOverlapped* overlapped, uint* transferred, int wait);

    [LibraryImport(Library)]
    public static partial uint WaitForMultipleObjects(uint count, nint* handles, int all, uint milliseconds);
}
