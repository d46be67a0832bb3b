using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>
/// Reads one captured stream of one process on a thread of its own and delivers its lines there, in order. A callback that
/// takes long holds up the process (its pipe fills), and nobody else.
/// </summary>
internal sealed class OutputPump
{
    private const int BufferSize = 16 * 1024;

    private readonly CapturePipe _pipe;
    private readonly Action<string> _received;
    private readonly Stream? _tee;
    private readonly LineSplitter _lines;
    private readonly Thread _thread;
    private byte[] _copy = [];

    /// <param name="pipe">Disposed by the pump.</param>
    /// <param name="tee">Where the bytes of each line go as well, in one write a line.</param>
    /// <param name="received">Called with each line.</param>
    /// <param name="threadName">What debuggers and ps show.</param>
    public OutputPump(CapturePipe pipe, Stream? tee, Action<string> received, string threadName)
    {
        _pipe = pipe;
        _tee = tee;
        _received = received;
        _lines = new LineSplitter(Deliver);
        _thread = new Thread(Run) { IsBackground = true, Name = threadName };
    }

    public void Start() => _thread.UnsafeStart();

    /// <summary>The process has ended: returns when its last line has been delivered.</summary>
    public void Finish()
    {
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _pipe.Dispose();
            return;
        }

        _pipe.EndOfProcess();
        _thread.Join();
        _pipe.Dispose();
    }

    private void Run()
    {
        byte[] buffer = new byte[BufferSize];
        int count;
        while ((count = _pipe.Read(buffer)) > 0) _lines.Append(buffer.AsSpan(0, count));
        _lines.End();
    }

    private void Deliver(ReadOnlySpan<byte> line)
    {
        if (_tee is not null) Copy(line);
        _received(LineSplitter.Decode(line));
    }

    private void Copy(ReadOnlySpan<byte> line)
    {
        if (_copy.Length <= line.Length) _copy = new byte[Math.Max(256, line.Length * 2)];
        line.CopyTo(_copy);
        _copy[line.Length] = (byte)'\n';
        try
        {
            _tee!.Write(_copy.AsSpan(0, line.Length + 1));
        }
        catch (IOException)
        {
            // This process's own stream is closed: its loss must not be the child's.
        }
    }
}
