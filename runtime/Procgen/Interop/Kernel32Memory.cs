using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Procgen.Interop;

/// <summary>Windows's pages, as far as MemoryMappedFile does not do them.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Kernel32Memory
{
    private const uint Commit = 0x1000;
    private const uint Reserve = 0x2000;
    private const uint Release = 0x8000;
    private const uint PageReadWrite = 4;

    /// <summary>Makes a reserved range of a view usable. Idempotent; seen by all views of the section.</summary>
    public static bool CommitPages(byte* address, nint length) => VirtualAlloc(address, length, Commit, PageReadWrite) is not null;

    /// <summary>Makes addresses whose view was just unmapped readable and writable again, as private memory.</summary>
    public static bool TakeAddresses(byte* address, nint length) => VirtualAlloc(address, length, Commit | Reserve, PageReadWrite) == address;

    /// <summary>Gives up what <see cref="TakeAddresses"/> took.</summary>
    public static void FreeAddresses(byte* address) => _ = VirtualFree(address, 0, Release);

    [LibraryImport("kernel32", EntryPoint = "VirtualFree", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(byte* address, nint length, uint type);

    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc", SetLastError = true)]
    private static partial void* VirtualAlloc(byte* address, nint length, uint type, uint protection);
}
