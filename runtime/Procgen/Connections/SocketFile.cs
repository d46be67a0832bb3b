using System.Net;
using System.Net.Sockets;
using Procgen.Launching;

namespace Procgen.Connections;

/// <summary>The file that a socket has which listens at an address of this machine: whether somebody still listens there.</summary>
internal static class SocketFile
{
    /// <summary>The full path of the file that a listener at an address makes; null where it makes none.</summary>
    public static string? Of(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint when endPoint.ToString() is [not '@', ..] path => Path.GetFullPath(path),
        ProcessPipeEndPoint pipe when !OperatingSystem.IsWindows() => OfPipe(pipe.PipeName),
        _ => null,
    };

    /// <summary>The file that .NET has for a named pipe on Unix.</summary>
    public static string OfPipe(string name) => Path.IsPathRooted(name) ? name : Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + name);

    public static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>What becomes of connecting there. Not blocking: a listener that is busy would keep it waiting.</summary>
    public static SocketError Probe(string file)
    {
        try
        {
            using Socket socket = NewSocket();
            socket.Blocking = false;
            socket.Connect(new UnixDomainSocketEndPoint(file));
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
        catch (ArgumentException)
        {
            return SocketError.InvalidArgument; // Too long for a socket: it was made by a shorter path, relative to a folder.
        }
    }

    /// <summary>Whether it is a socket and nobody listens there any more. Files of other kinds refuse connections too.</summary>
    public static bool IsAbandoned(string file) => Probe(file) == SocketError.ConnectionRefused && IsSocket(file);

    /// <summary>Deletes it where somebody else made it, who has ended. Another may listen there by now.</summary>
    public static void DeleteIfAbandoned(string file)
    {
        if (File.Exists(file) && IsAbandoned(file)) TemporaryFiles.TryDelete(file);
    }

    /// <summary>Whether opening a file fails as it does for a socket.</summary>
    private static bool IsSocket(string file)
    {
        const int NoDevice = 6;
        const int NotSupportedMac = 102;
        if (OperatingSystem.IsWindows()) return false;
        try
        {
            // For writing too: so it does not wait for the other end of a FIFO.
            File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (IOException error)
        {
            return error.HResult == (OperatingSystem.IsMacOS() ? NotSupportedMac : NoDevice);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
