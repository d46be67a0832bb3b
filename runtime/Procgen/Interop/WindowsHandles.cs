using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Inheritable handles for a child's standard streams; the caller closes them when the child has been started.</summary>
internal static unsafe class WindowsHandles
{
    public const int StandardOutput = -11;
    public const int StandardError = -12;

    private const nint Invalid = -1;

    /// <summary>Reads are at the end at once, writes go nowhere.</summary>
    public static nint OpenNothing()
    {
        const uint ReadAndWrite = 0xC000_0000, ShareBoth = 3, Existing = 3;
        Kernel32.SecurityAttributes inherit = new() { Size = sizeof(Kernel32.SecurityAttributes), Inherit = 1 };
        fixed (char* name = "NUL")
        {
            nint handle = Kernel32.CreateFileW(name, ReadAndWrite, ShareBoth, &inherit, Existing, 0, 0);
            return handle != Invalid ? handle : throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <param name="wanted">A handle of this process, 0 for nowhere, null for this process's own stream.</param>
    /// <param name="own">Which that is.</param>
    public static nint ForChild(nint? wanted, int own)
    {
        const uint SameAccess = 2;
        nint handle = wanted ?? Kernel32.GetStdHandle(own);

        // A program with windows has no standard streams.
        if (handle is 0 or Invalid) return OpenNothing();

        nint duplicate;
        return Kernel32.DuplicateHandle(Kernel32.ThisProcess, handle, Kernel32.ThisProcess, &duplicate, 0, 1, SameAccess) != 0
            ? duplicate
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
