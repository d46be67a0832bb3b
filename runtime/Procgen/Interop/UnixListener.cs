using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>
/// The parent's end of a launch pipe on Unix, until somebody has connected: a socket's file that the current user alone can
/// open. A thread that waits here sleeps; <c>NamedPipeServerStream</c> would have it spin, and take from the child that it waits
/// for the processor which that needs to start.
/// </summary>
/// <remarks>One thread accepts; any thread may dispose, which wakes it.</remarks>
internal sealed unsafe class UnixListener : IDisposable
{
    /// <summary>How many may have connected before they are looked at.</summary>
    private const int Backlog = 128;

    private const uint ReadableAndWritableByOwner = 0x180; // 0600

    /// <summary>How often a thread looks that nothing wakes, in milliseconds: on macOS shutdown does not end a wait for connections.</summary>
    private static readonly int WakeInterval = OperatingSystem.IsMacOS() ? 50 : -1;

    private readonly string _path;
    private readonly DescriptorHandle _handle;

    private UnixListener(string path, DescriptorHandle handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>Makes the file at <paramref name="path"/> and listens there.</summary>
    /// <exception cref="IOException">There is such a file, or it cannot be made.</exception>
    public static UnixListener Listen(string path)
    {
        Span<byte> address = stackalloc byte[UnixAddress.MaxLength];
        int length = UnixAddress.Write(path, address);
        int descriptor = LibC.OpenUnixSocket();
        if (descriptor < 0) throw UnixSocket.Failed("open a socket", Marshal.GetLastPInvokeError());
        var listener = new UnixListener(path, new DescriptorHandle(descriptor));
        bool isMade = false;
        try
        {
            fixed (byte* first = address) Check(LibC.bind(descriptor, first, (uint)length), path);
            isMade = true;

            // Nobody can connect before it listens.
            fixed (byte* name = UnixAddress.Terminated(path)) Check(LibC.chmod(name, ReadableAndWritableByOwner), path);
            Check(LibC.listen(descriptor, Backlog), path);
            return listener;
        }
        catch
        {
            if (isMade) UnixSocket.Unlink(path);
            listener._handle.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a process of this user's.</summary>
    /// <returns>Null once this is disposed.</returns>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    public UnixSocket? Accept()
    {
        bool held = false;
        try
        {
            if (!_handle.TryHold(ref held)) return null;
            while (!_handle.IsClosed)
            {
                if (WakeInterval > 0 && !Poller.WaitReadable(_handle.Descriptor, WakeInterval)) continue;
                int descriptor = LibC.AcceptUnixSocket(_handle.Descriptor);
                if (descriptor >= 0)
                {
                    var connected = new DescriptorHandle(descriptor);
                    if (LibC.IsPeerOfSameUser(descriptor)) return new UnixSocket(connected);
                    connected.Dispose();
                    continue;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == LibC.Error.Invalid) return null;
                if (error != LibC.Error.Interrupted && error != LibC.Error.ConnectionAborted) throw UnixSocket.Failed($"wait for a connection at '{_path}'", error);
            }

            return null;
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    /// <summary>Ends the wait, and removes the file.</summary>
    public void Dispose()
    {
        if (_handle.IsClosed) return;
        UnixSocket.Unlink(_path);
        _handle.ShutDown();
    }

    private static void Check(int result, string path)
    {
        if (result != 0) throw UnixSocket.Failed($"listen at '{path}'", Marshal.GetLastPInvokeError());
    }
}
