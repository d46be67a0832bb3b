using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Windows. Every signature is blittable, as in <see cref="LibC"/>.</summary>
internal static unsafe partial class Kernel32
{
    private const string Library = "kernel32";

    [StructLayout(LayoutKind.Sequential)]
    public struct SecurityAttributes
    {
        public int Size;
        public nint Descriptor;
        public int Inherit;
    }

    [LibraryImport(Library)]
    public static partial int CloseHandle(nint handle);

    [LibraryImport(Library)]
    public static partial nint GetStdHandle(int which);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint CreateFileW(char* name, uint access, uint share, SecurityAttributes* security, uint disposition, uint flags, nint template);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int DuplicateHandle(nint fromProcess, nint handle, nint toProcess, nint* duplicate, uint access, int inherit, uint options);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ReadFile(nint handle, byte* buffer, uint count, uint* read, nint overlapped);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int PeekNamedPipe(nint handle, byte* buffer, uint size, uint* read, uint* available, uint* left);

    [LibraryImport(Library)]
    public static partial int CancelIoEx(nint handle, nint overlapped);

    [LibraryImport(Library)]
    public static partial int SetConsoleCtrlHandler(delegate* unmanaged<uint, int> handler, int add);
}
