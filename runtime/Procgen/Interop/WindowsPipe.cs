using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Procgen.Interop;

/// <summary>
/// An end of a named pipe on Windows. Of a handle for synchronous use the system does one thing at a time: while a thread is
/// blocked in a read, every write waits for it. So each call here is an overlapped one that waits for an event of its own,
/// which needs no thread of the pool either.
/// </summary>
/// <remarks>One thread reads while others write (writers take turns themselves); any thread may dispose, which wakes both.</remarks>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsPipe : IDisposable
{
    private const int Pending = 997;
    private const int AlreadyConnected = 535;
    private const uint Forever = uint.MaxValue;

    private readonly PipeStream _pipe;
    private readonly SafePipeHandle _handle;

    // Given back by their finalizers: a thread may be about to wait for them when this is disposed.
    private readonly ManualResetEvent _closing = new(false);
    private readonly ManualResetEvent _read = new(false);
    private readonly ManualResetEvent _written = new(false);

    /// <param name="pipe">Made for asynchronous use; this object's own from now on.</param>
    public WindowsPipe(PipeStream pipe)
    {
        _pipe = pipe;
        _handle = pipe.SafePipeHandle;
    }

    private enum Call
    {
        Connect,
        Read,
        Write,
    }

    /// <summary>Waits for a client, at a server's end; false where it left at once, or this was disposed.</summary>
    public bool TryAccept() => Run(Call.Connect, [], _read) is not null;

    /// <summary>Waits for bytes and reads some; 0 at the end of the stream, also after <see cref="Dispose"/>.</summary>
    public int Read(Span<byte> destination) => Run(Call.Read, destination, _read) ?? 0;

    /// <summary>Writes all of <paramref name="source"/>, waiting for room.</summary>
    /// <exception cref="IOException">The other side is gone, or this one is disposed.</exception>
    public void Write(ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            Span<byte> bytes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(source), source.Length);
            int count = Run(Call.Write, bytes, _written) ?? throw new IOException("The pipe is closed.");
            source = source[count..];
        }
    }

    public void Dispose()
    {
        _closing.Set();
        _pipe.Dispose();
    }

    /// <returns>How many bytes went over; null where there will be no more.</returns>
    private int? Run(Call call, Span<byte> bytes, ManualResetEvent done)
    {
        bool held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            nint handle = _handle.DangerousGetHandle();
            nint end = done.SafeWaitHandle.DangerousGetHandle();

            // An event's lowest bit keeps the end of the call from the thread pool, which this handle is bound to.
            NativeOverlapped operation = new() { EventHandle = end | 1 };
            fixed (byte* first = bytes)
            {
                if (Begin(call, handle, first, (uint)bytes.Length, &operation) != 0 || Marshal.GetLastPInvokeError() is var error && error == Pending)
                {
                    nint* waits = stackalloc nint[] { end, _closing.SafeWaitHandle.DangerousGetHandle() };
                    if (Kernel32.WaitForMultipleObjects(2, waits, 0, Forever) != 0) _ = Kernel32.CancelIoEx(handle, (nint)(&operation));

                    // In any case: until it has ended, the system writes there.
                    uint count;
                    return Kernel32.GetOverlappedResult(handle, &operation, &count, 1) != 0 ? (int)count : null;
                }

                return call == Call.Connect && error == AlreadyConnected ? 0 : null;
            }
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    private static int Begin(Call call, nint handle, byte* bytes, uint length, NativeOverlapped* operation) => call switch
    {
        Call.Connect => Kernel32.ConnectNamedPipe(handle, operation),
        Call.Read => Kernel32.ReadFile(handle, bytes, length, null, (nint)operation),
        _ => Kernel32.WriteFile(handle, bytes, length, null, operation),
    };
}
