using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>
/// Arrays that are about to be filled. A large one lies in fresh memory, which the system hands out page by page, and that
/// takes several times as long as the copy into it: on Linux it is asked to use large pages there, where it has any.
/// </summary>
internal static unsafe class LargeArrays
{
    private const nint PageSize = 2 << 20;
    private static readonly bool HasLargePages = OperatingSystem.IsLinux() && AreLargePagesAllowed();

    /// <summary>An array of <paramref name="count"/> elements without references, of whatever content.</summary>
    public static T[] Allocate<T>(int count)
    {
        T[] array = GC.AllocateUninitializedArray<T>(count);
        long length = (long)count * Unsafe.SizeOf<T>();
        if (length >= PageSize && HasLargePages) AskForLargePages(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(array)), length);
        return array;
    }

    /// <summary>Where somebody has said that there shall be none, the advice to gather small ones would be followed all the same.</summary>
    private static bool AreLargePagesAllowed()
    {
        try
        {
            return !File.ReadAllText("/sys/kernel/mm/transparent_hugepage/enabled").Contains("[never]", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Advice only: where the array is moved meanwhile, or the system has no such pages, nothing is lost. It is given from the
    // beginning of the page on in which the array begins: what comes before it there is of this heap, or of nobody. In that page
    // the allocator has written the array's header, into a small page, so that the system gathers it before it knows of a large one.
    private static void AskForLargePages(ref byte first, long length)
    {
        fixed (byte* address = &first)
        {
            nint start = (nint)address & -PageSize;
            nint end = (nint)(address + length) & -PageSize;
            _ = LibCMemory.Advise((byte*)start, end - start, LibCMemory.UseLargePages);
            _ = LibCMemory.Advise((byte*)start, PageSize, LibCMemory.GatherIntoLargePage);
        }
    }
}
