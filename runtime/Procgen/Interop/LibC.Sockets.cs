using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Sockets in the Unix domain.</summary>
internal static partial class LibC
{
    public const int UnixDomain = 1;
    public const int ShutdownBoth = 2;

    private const int StreamSocket = 1;
    private const int BornCloseOnExec = 0x80000;
    private const int SocketLevel = 1;
    private const int SocketLevelMac = 0xffff;
    private const int NoSignalOptionMac = 0x1022;

    private static int PeerCredentialsOption => RuntimeInformation.ProcessArchitecture == Architecture.Ppc64le ? 21 : 17;

    /// <summary>Sending to a closed peer is an error, not SIGPIPE. macOS has a socket option for it instead.</summary>
    public static int SendWithoutSignal => OperatingSystem.IsMacOS() ? 0 : 0x4000;

    /// <summary>A send that would wait for room fails with <see cref="Error.WouldWait"/>.</summary>
    public static int WithoutWaiting => OperatingSystem.IsMacOS() ? 0x80 : 0x40;

    /// <summary>A stream socket that started processes do not inherit; -1 with the error set.</summary>
    public static unsafe int OpenUnixSocket()
    {
        if (!OperatingSystem.IsMacOS()) return socket(UnixDomain, StreamSocket | BornCloseOnExec, 0);

        int descriptor = socket(UnixDomain, StreamSocket, 0);
        if (descriptor >= 0) SetUp(descriptor);
        return descriptor;
    }

    /// <summary>The next who has connected, as a socket that started processes do not inherit; -1 with the error set.</summary>
    public static unsafe int AcceptUnixSocket(int listener)
    {
        if (!OperatingSystem.IsMacOS()) return accept4(listener, null, null, BornCloseOnExec);

        int descriptor = accept(listener, null, null);
        if (descriptor >= 0) SetUp(descriptor);
        return descriptor;
    }

    /// <summary>Whether the process at the other end runs as the user of this one, as the system says it.</summary>
    public static unsafe bool IsPeerOfSameUser(int descriptor)
    {
        if (OperatingSystem.IsMacOS())
        {
            uint user, group;
            return getpeereid(descriptor, &user, &group) == 0 && user == geteuid();
        }

        PeerCredentials peer = default;
        uint length = (uint)sizeof(PeerCredentials);
        return getsockopt(descriptor, SocketLevel, PeerCredentialsOption, &peer, &length) == 0 && peer.User == geteuid();
    }

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int bind(int descriptor, byte* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int listen(int descriptor, int backlog);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int chmod(byte* path, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial int connect(int descriptor, byte* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial nint recv(int descriptor, byte* buffer, nuint count, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static unsafe partial nint send(int descriptor, byte* buffer, nuint count, int flags);

    [LibraryImport(Library)]
    public static partial int shutdown(int descriptor, int how);

    private static unsafe void SetUp(int descriptor)
    {
        SetCloseOnExec(descriptor);
        int on = 1;
        _ = setsockopt(descriptor, SocketLevelMac, NoSignalOptionMac, &on, sizeof(int));
    }

    [LibraryImport(Library, SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library)]
    private static unsafe partial int setsockopt(int descriptor, int level, int option, int* value, uint length);

    [LibraryImport(Library)]
    private static unsafe partial int getsockopt(int descriptor, int level, int option, void* value, uint* length);

    [LibraryImport(Library, SetLastError = true)]
    private static unsafe partial int accept4(int descriptor, byte* address, uint* length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static unsafe partial int accept(int descriptor, byte* address, uint* length);

    [LibraryImport(Library)]
    private static unsafe partial int getpeereid(int descriptor, uint* user, uint* group);

    [LibraryImport(Library)]
    private static partial uint geteuid();

    /// <summary>struct ucred.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PeerCredentials
    {
        public int Process;
        public uint User;
        public uint Group;
    }
}
