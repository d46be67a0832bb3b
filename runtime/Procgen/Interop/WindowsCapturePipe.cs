using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Reads by blocking calls, which the end of the process cancels; then it takes what is still there.</summary>
internal sealed unsafe class WindowsCapturePipe : CapturePipe
{
    private const int MostAfterEnd = 1 << 20;

    private readonly object _gate = new();
    private readonly ManualResetEventSlim _finished = new();
    private bool _isDisposed;
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
        do Cancel();
        while (!_finished.Wait(20));
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            base.Dispose();
        }

        _finished.Set();
    }

    private void Cancel()
    {
        lock (_gate)
        {
            if (!_isDisposed) _ = Kernel32.CancelIoEx(ReadEnd, 0);
        }
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
