using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Reads by blocking calls, which the end of the process cancels; then it takes what is still there.</summary>
internal sealed unsafe class WindowsCapturePipe : CapturePipe
{
    private const int MostAfterEnd = 1 << 20;

    private readonly ManualResetEventSlim _finished = new();
    private volatile bool _ended;
    private int _readSinceEnd;

    // Other processes that are being started at this moment may inherit it as well: that only delays the end of the stream.
    public WindowsCapturePipe()
        : base(HandleInheritability.Inheritable)
    {
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            if (_ended && (_readSinceEnd >= MostAfterEnd || Available() == 0)) return Finish();

            uint count;
            int read;
            fixed (byte* first = buffer) read = Kernel32.ReadFile(ReadEnd, first, (uint)buffer.Length, &count, 0);
            if (read == 0)
            {
                const int Cancelled = 995;
                if (Marshal.GetLastPInvokeError() == Cancelled) continue;
                return Finish();
            }

            if (_ended) _readSinceEnd += (int)count;
            if (count > 0) return (int)count;
        }
    }

    public override void EndOfProcess()
    {
        _ended = true;

        // Again and again: a read that had not begun when it was cancelled would wait for ever.
        do _ = Kernel32.CancelIoEx(ReadEnd, 0);
        while (!_finished.Wait(20));
    }

    public override void Dispose()
    {
        base.Dispose();
        _finished.Dispose();
    }

    private uint Available()
    {
        uint available;
        return Kernel32.PeekNamedPipe(ReadEnd, null, 0, null, &available, null) != 0 ? available : 0;
    }

    private int Finish()
    {
        _finished.Set();
        return 0;
    }
}
