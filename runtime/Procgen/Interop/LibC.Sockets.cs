using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Sockets in the Unix domain.</summary>
internal static partial class LibC
{
    public const int UnixDomain = 1;
    public const int ShutdownBoth = 2;

    private const int StreamSocket = 1;
    private const int SocketLevelMac = 0xffff;
    private const int NoSignalOptionMac = 0x1022;

    /// <summary>Sending to a closed peer is an error, not SIGPIPE. macOS has a socket option for it instead.</summary>
    public static int SendWithoutSignal => OperatingSystem.IsMacOS() ? 0 : 0x4000;

    /// <summary>A send that would wait for room fails with <see cref="Error.WouldWait"/>.</summary>
    public static int WithoutWaiting => OperatingSystem.IsMacOS() ? 0x80 : 0x40;

    /// <summary>A stream socket that started processes do not inherit; -1 with the error set.</summary>
    public static unsafe int OpenUnixSocket()
    {
        if (!OperatingSystem.IsMacOS())
        {
            const int BornCloseOnExec = 0x80000;
            return socket(UnixDomain, StreamSocket | BornCloseOnExec, 0);
        }

        int descriptor = socket(UnixDomain, StreamSocket, 0);
        if (descriptor >= 0)
        {
            SetCloseOnExec(descriptor);
            int on = 1;
            _ = setsockopt(descriptor, SocketLevelMac, NoSignalOptionMac, &on, sizeof(int));
        }

        return descriptor;
    }

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int connect(int descriptor, byte* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial nint recv(int descriptor, byte* buffer, nuint count, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial nint send(int descriptor, byte* buffer, nuint count, int flags);

    [LibraryImport(Library)]
    public static partial int shutdown(int descriptor, int how);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library)]
    private static unsafe partial int setsockopt(int descriptor, int level, int option, int* value, uint length);
}
