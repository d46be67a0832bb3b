using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Procgen.Interop;

/// <summary>
/// An end of a launch pipe on Unix, where a named pipe is a socket in the file system. Plain system calls: a worker starts in
/// a blink, for which <c>NamedPipeClientStream</c> would load half the networking stack, and its parent must never wait for
/// one that does not read.
/// </summary>
/// <remarks>
/// One thread may read while others write (writers take turns themselves) and any thread may dispose: that wakes a blocked
/// reader with end of stream, and the descriptor's number is given back only when no call uses it any more.
/// </remarks>
internal sealed unsafe class UnixSocket : IDisposable
{
    private readonly DescriptorHandle _handle;

    private UnixSocket(DescriptorHandle handle) => _handle = handle;

    /// <summary>Connects to the socket file at <paramref name="path"/>; it does not wait for one to appear.</summary>
    /// <exception cref="IOException">Nobody listens there; <see cref="Exception.HResult"/> holds the system's error number.</exception>
    public static UnixSocket Connect(string path)
    {
        Span<byte> address = stackalloc byte[110];
        int length = WriteAddress(path, address);
        int descriptor = LibC.OpenUnixSocket();
        if (descriptor < 0) throw Failed("open a socket", Marshal.GetLastPInvokeError());
        var handle = new DescriptorHandle(descriptor);
        fixed (byte* first = address)
        {
            while (LibC.connect(descriptor, first, (uint)length) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == LibC.Error.Interrupted) continue;
                handle.Dispose();
                throw Failed($"connect to '{path}'", error);
            }
        }

        return new UnixSocket(handle);
    }

    /// <summary>Takes over a pipe that is connected: it may be disposed afterwards.</summary>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    public static UnixSocket From(SafePipeHandle pipe)
    {
        bool held = false;
        try
        {
            pipe.DangerousAddRef(ref held);
            int descriptor = LibC.DuplicateCloseOnExec((int)pipe.DangerousGetHandle());
            return descriptor >= 0 ? new UnixSocket(new DescriptorHandle(descriptor)) : throw Failed("keep the connection of a pipe", Marshal.GetLastPInvokeError());
        }
        finally
        {
            if (held) pipe.DangerousRelease();
        }
    }

    /// <summary>Removes the socket's file; that it is gone already is fine.</summary>
    public static void Unlink(string path)
    {
        fixed (byte* name = Terminated(path)) _ = LibC.unlink(name);
    }

    /// <summary>Waits for bytes and reads some; 0 at the end of the stream, also after <see cref="Dispose"/>.</summary>
    public int Read(Span<byte> destination)
    {
        bool held = false;
        try
        {
            if (!TryHold(ref held)) return 0;
            fixed (byte* first = destination)
            {
                while (true)
                {
                    nint count = LibC.recv(_handle.Descriptor, first, (nuint)destination.Length, 0);
                    if (count >= 0) return (int)count;
                    int error = Marshal.GetLastPInvokeError();
                    if (error == LibC.Error.ConnectionReset) return 0;
                    if (error != LibC.Error.Interrupted) throw Failed("read from the pipe", error);
                }
            }
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    /// <summary>Writes all of <paramref name="source"/>, waiting for room.</summary>
    /// <exception cref="IOException">The other side is gone, or this one is disposed.</exception>
    public void Write(ReadOnlySpan<byte> source)
    {
        bool held = false;
        try
        {
            if (!TryHold(ref held)) throw Closed();
            while (!source.IsEmpty)
            {
                if (TrySend(source, 0, out int count)) source = source[count..];
            }
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    /// <summary>Writes as much of <paramref name="source"/> as there is room for.</summary>
    /// <exception cref="IOException">The other side is gone, or this one is disposed.</exception>
    public int WriteSome(ReadOnlySpan<byte> source)
    {
        bool held = false;
        try
        {
            if (!TryHold(ref held)) throw Closed();
            int written = 0;
            while (written < source.Length && TrySend(source[written..], LibC.WithoutWaiting, out int count)) written += count;
            return written;
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    /// <summary>Whether a read would return at once (bytes, or the end of the stream) within <paramref name="milliseconds"/>; -1 waits for ever.</summary>
    public bool WaitReadable(int milliseconds)
    {
        bool held = false;
        try
        {
            if (!TryHold(ref held)) return true;
            return Poller.WaitReadable(_handle.Descriptor, milliseconds);
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    /// <summary>Ends the connection for both sides and wakes a blocked reader.</summary>
    public void Dispose()
    {
        bool held = false;
        try
        {
            // Only shutdown wakes a thread that is blocked in recv; close would leave it there.
            if (TryHold(ref held)) _ = LibC.shutdown(_handle.Descriptor, LibC.ShutdownBoth);
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }

        _handle.Dispose();
    }

    /// <summary>False where there is no room, or a signal came first.</summary>
    private bool TrySend(ReadOnlySpan<byte> source, int flags, out int count)
    {
        nint sent;
        fixed (byte* first = source) sent = LibC.send(_handle.Descriptor, first, (nuint)source.Length, LibC.SendWithoutSignal | flags);
        count = (int)Math.Max(sent, 0);
        if (sent >= 0) return true;
        int error = Marshal.GetLastPInvokeError();
        return error == LibC.Error.Interrupted || error == LibC.Error.WouldWait ? false : throw Failed("write to the pipe", error);
    }

    private bool TryHold(ref bool held)
    {
        if (_handle.IsClosed) return false;
        try
        {
            _handle.DangerousAddRef(ref held);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static int WriteAddress(string path, Span<byte> address)
    {
        bool mac = OperatingSystem.IsMacOS();
        int room = mac ? 104 : 108;
        int count = Encoding.UTF8.GetByteCount(path);
        if (count >= room) throw new ArgumentException($"A socket's path has at most {room - 1} bytes: '{path}'.", nameof(path));
        address.Clear();
        address[0] = mac ? (byte)(count + 2) : (byte)LibC.UnixDomain;
        address[1] = mac ? (byte)LibC.UnixDomain : (byte)0;
        if (!BitConverter.IsLittleEndian && !mac) (address[0], address[1]) = (address[1], address[0]);
        Encoding.UTF8.GetBytes(path, address[2..]);
        return count + 3;
    }

    private static byte[] Terminated(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private static IOException Closed() => new("The pipe is closed.");

    private static IOException Failed(string what, int error) => new($"Could not {what}: {LibC.Describe(error)}.", error);

    private sealed class DescriptorHandle : SafeHandleMinusOneIsInvalid
    {
        public DescriptorHandle(int descriptor)
            : base(ownsHandle: true) => SetHandle(descriptor);

        public int Descriptor => (int)handle;

        protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
    }
}
