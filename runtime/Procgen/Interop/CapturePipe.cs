using System.IO.Pipes;

namespace Procgen.Interop;

/// <summary>
/// A pipe whose write end becomes a child's standard output or error. It can be read to the end of what the child has written
/// even where a process that the child started goes on holding the write end.
/// </summary>
internal abstract class CapturePipe : IDisposable
{
    // Creates the pipe on every system; on Unix both ends are born close-on-exec.
    private readonly AnonymousPipeServerStream _pipe;

    private protected CapturePipe(HandleInheritability inheritability) => _pipe = new AnonymousPipeServerStream(PipeDirection.In, inheritability);

    /// <summary>The descriptor or handle for the child.</summary>
    public nint WriteEnd => _pipe.ClientSafePipeHandle.DangerousGetHandle();

    private protected nint ReadEnd => _pipe.SafePipeHandle.DangerousGetHandle();

    public static CapturePipe Create() => OperatingSystem.IsWindows() ? new WindowsCapturePipe() : new UnixCapturePipe();

    /// <summary>To be called when the child has its copy, so that its end can be the end of the stream.</summary>
    public void CloseWriteEnd() => _pipe.DisposeLocalCopyOfClientHandle();

    /// <summary>Waits for bytes; 0 when no holder of the write end is left, or the child has ended and what it wrote has been read.</summary>
    public abstract int Read(Span<byte> buffer);

    /// <summary>The child has ended: whatever it wrote is in the pipe, and what comes after that is not its own. Beside or after <see cref="Dispose"/> it does nothing.</summary>
    public abstract void EndOfProcess();

    /// <summary>To be called when no thread reads any more.</summary>
    public virtual void Dispose()
    {
        _pipe.DisposeLocalCopyOfClientHandle();
        _pipe.Dispose();
    }
}
