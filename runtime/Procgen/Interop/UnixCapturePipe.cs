using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Reads through <c>poll</c>, and has a second pipe whose closing tells the reader that the child has ended.</summary>
internal sealed unsafe class UnixCapturePipe : CapturePipe
{
    // The largest pipe an unprivileged process can make: the child's last words are within that many bytes.
    private const int MostInPipe = 1 << 20;

    private readonly AnonymousPipeServerStream _alive = new(PipeDirection.In, HandleInheritability.None);
    private bool _ended;
    private int _readSinceEnd;

    public UnixCapturePipe()
        : base(HandleInheritability.None)
    {
    }

    public override int Read(Span<byte> buffer)
    {
        if (!WaitForBytes()) return 0;
        if (_ended && _readSinceEnd >= MostInPipe) return 0;

        nint count;
        fixed (byte* first = buffer)
        {
            do count = LibC.read((int)ReadEnd, first, (nuint)buffer.Length);
            while (count < 0 && Marshal.GetLastPInvokeError() == LibC.Error.Interrupted);
        }

        if (_ended) _readSinceEnd += (int)Math.Max(count, 0);
        return (int)Math.Max(count, 0);
    }

    public override void EndOfProcess() => _alive.DisposeLocalCopyOfClientHandle();

    public override void Dispose()
    {
        base.Dispose();
        _alive.DisposeLocalCopyOfClientHandle();
        _alive.Dispose();
    }

    private bool WaitForBytes()
    {
        if (!_ended)
        {
            Span<LibC.PollEntry> entries =
            [
                new() { Descriptor = (int)ReadEnd, Wanted = LibC.PollReadable },
                new() { Descriptor = (int)_alive.SafePipeHandle.DangerousGetHandle(), Wanted = LibC.PollReadable },
            ];
            Poller.Wait(entries, -1);
            _ended = entries[1].Seen != 0;
        }

        return !_ended || Poller.WaitReadable((int)ReadEnd, 0);
    }
}
