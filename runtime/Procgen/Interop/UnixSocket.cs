using System.Runtime.InteropServices;

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

    /// <param name="handle">A connected socket, its own from now on.</param>
    internal UnixSocket(DescriptorHandle handle) => _handle = handle;

    /// <summary>Connects to the socket file at <paramref name="path"/>; it does not wait for one to appear.</summary>
    /// <exception cref="IOException">Nobody listens there; <see cref="Exception.HResult"/> holds the system's error number.</exception>
    public static UnixSocket Connect(string path)
    {
        Span<byte> address = stackalloc byte[UnixAddress.MaxLength];
        int length = UnixAddress.Write(path, address);
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

    /// <summary>Removes the socket's file; that it is gone already is fine.</summary>
    public static void Unlink(string path)
    {
        fixed (byte* name = UnixAddress.Terminated(path)) _ = LibC.unlink(name);
    }

    /// <summary>Waits for bytes and reads some; 0 at the end of the stream, also after <see cref="Dispose"/>.</summary>
    public int Read(Span<byte> destination)
    {
        bool held = false;
        try
        {
            if (!_handle.TryHold(ref held)) return 0;
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
            if (!_handle.TryHold(ref held)) throw Closed();
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
            if (!_handle.TryHold(ref held)) throw Closed();
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
            if (!_handle.TryHold(ref held)) return true;
            return Poller.WaitReadable(_handle.Descriptor, milliseconds);
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    /// <summary>Ends the connection for both sides and wakes a blocked reader.</summary>
    public void Dispose() => _handle.ShutDown();

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

    private static IOException Closed() => new("The pipe is closed.");

    internal static IOException Failed(string what, int error) => new($"Could not {what}: {LibC.Describe(error)}.", error);
}
