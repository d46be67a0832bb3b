using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Procgen.Interop;
using Procgen.Launching;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>The file that a socket has which listens at an address of this machine: whether somebody still listens there.</summary>
internal static class SocketFile
{
    /// <summary>How many may wait to be accepted.</summary>
    public const int Backlog = 512;

    /// <summary>Of the file beside the socket's: see <see cref="TryLock"/>.</summary>
    public const string LockSuffix = ".procgen-lock";

    /// <summary>Before another look whether the file is free, in milliseconds.</summary>
    private const int Pause = 5;

    /// <summary>How long another may be about to listen there; longer than anybody is who is not stopped.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The full path of the file that a listener at an address makes; null where it makes none.</summary>
    public static string? Of(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint when endPoint.ToString() is [not '@', ..] path => Path.GetFullPath(path),
        ProcessPipeEndPoint pipe when !OperatingSystem.IsWindows() => OfPipe(pipe.PipeName),
        _ => null,
    };

    /// <summary>The file that .NET has for a named pipe on Unix.</summary>
    /// <exception cref="PlatformNotSupportedException">It would stand in another folder.</exception>
    public static string OfPipe(string name)
    {
        if (Path.IsPathRooted(name)) return name;
        if (name.Contains(Path.DirectorySeparatorChar)) throw new PlatformNotSupportedException($"The name '{name}' of a pipe has a '{Path.DirectorySeparatorChar}' in it. On Unix it is a part of a file's name, or a full path.");
        return Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + name);
    }

    public static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Listens there, also in the place of a listener whose process was killed.</summary>
    /// <param name="socket">Does not listen yet; disposed where it cannot.</param>
    /// <param name="endPoint">The file, by a path that is short enough for a socket.</param>
    /// <param name="file">Its full path.</param>
    /// <exception cref="SocketException">Another one listens there, or no file can be made.</exception>
    public static void Listen(Socket socket, EndPoint endPoint, string file)
    {
        if (!TryLock(file, s_patience, out SafeFileHandle? sole)) throw new SocketException((int)SocketError.AddressAlreadyInUse);
        using (sole)
        {
            try
            {
                Bind(socket, endPoint, file);

                // Nobody can connect before it listens.
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                socket.Listen(Backlog);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>Listens no more. .NET deletes the file after it has closed the socket, when it may be another's.</summary>
    public static void Close(Socket socket, string file)
    {
        SafeFileHandle? sole = null;
        try
        {
            TryLock(file, s_patience, out sole);
        }
        finally
        {
            socket.Dispose();
            OwnFiles.Remove(file);
            sole?.Dispose();
        }
    }

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

    /// <summary>Deletes it where somebody else made it, who has ended. Another may listen there by now, or be about to.</summary>
    public static void DeleteIfAbandoned(string file)
    {
        if (!File.Exists(file) || !TryLock(file, TimeSpan.Zero, out SafeFileHandle? sole)) return;
        using (sole)
        {
            if (IsAbandoned(file)) TemporaryFiles.TryDelete(file);
        }
    }

    /// <summary>
    /// Whoever is about to listen there, to listen no more or to delete an abandoned file is the only one: a socket that is bound and
    /// does not listen yet cannot be told from one that was abandoned. A file beside it says so, which goes with
    /// <paramref name="sole"/>; after a kill it stays and says nothing.
    /// </summary>
    /// <param name="file">The socket's.</param>
    /// <param name="patience">How long to wait for another.</param>
    /// <param name="sole">Null also where no file can be made beside it, so that nobody is kept away, and on Windows, where nobody replaces one.</param>
    /// <returns>False where another still is.</returns>
    private static bool TryLock(string file, TimeSpan patience, out SafeFileHandle? sole)
    {
        sole = null;
        if (OperatingSystem.IsWindows()) return true;
        Deadline deadline = Deadline.After(patience);
        while (true)
        {
            try
            {
                // In these modes .NET makes sure that what it has locked is what stands there now.
                sole = File.OpenHandle(file + LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
                return true;
            }
            catch (IOException error) when (error.HResult == LibC.Error.WouldWait)
            {
                if (deadline.HasPassed) return false;
                Thread.Sleep(deadline.Slice(Pause));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }
    }

    private static void Bind(Socket socket, EndPoint endPoint, string file)
    {
        try
        {
            socket.Bind(endPoint);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse && IsAbandoned(endPoint.ToString()!))
        {
            File.Delete(file);
            socket.Bind(endPoint);
        }
    }

    /// <summary>Whether it is a socket and nobody listens there any more, where nobody is about to. Files of other kinds refuse connections too.</summary>
    private static bool IsAbandoned(string file) => Probe(file) == SocketError.ConnectionRefused && IsSocket(file);

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
