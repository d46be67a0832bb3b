using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Procgen.Interop;

/// <summary>Windows's pages, as far as MemoryMappedFile does not do them.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Kernel32Memory
{
    private const uint Commit = 0x1000;
    private const uint PageReadWrite = 4;

    /// <summary>Makes a reserved range of a view usable. Idempotent; seen by all views of the section.</summary>
    public static bool CommitPages(byte* address, nint length) => VirtualAlloc(address, length, Commit, PageReadWrite) is not null;

    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc", SetLastError = true)]
    private static partial void* VirtualAlloc(byte* address, nint length, uint type, uint protection);
}
