using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>
/// Reads one captured stream of one process on a thread of its own and delivers its lines there, in order. A callback that
/// takes long holds up the process (its pipe fills), and nobody else.
/// </summary>
internal sealed class OutputPump
{
    private const int BufferSize = 16 * 1024;

    private enum Stage
    {
        Waiting,
        Running,
        Ended,
    }

    private readonly object _gate = new();
    private readonly CapturePipe _pipe;
    private readonly Action<string> _received;
    private readonly Stream? _tee;
    private readonly LineSplitter _lines;
    private readonly string _threadName;
    private Thread? _thread;
    private Stage _stage;
    private Action? _finished;
    private byte[] _copy = [];
    private long _deliveredLines;

    /// <param name="pipe">Disposed by the pump.</param>
    /// <param name="tee">Where the bytes of each line go as well, in one write a line.</param>
    /// <param name="received">Called with each line.</param>
    /// <param name="threadName">What debuggers and ps show.</param>
    public OutputPump(CapturePipe pipe, Stream? tee, Action<string> received, string threadName)
    {
        _pipe = pipe;
        _tee = tee;
        _received = received;
        _threadName = threadName;
        _lines = new LineSplitter(Deliver);
    }

    public void Start()
    {
        lock (_gate)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = _threadName };
            _thread.UnsafeStart();
            _stage = Stage.Running;
        }
    }

    public long DeliveredLines => Volatile.Read(ref _deliveredLines);

    /// <summary>Whether it is its thread that asks, which runs nothing but callbacks of others.</summary>
    public bool IsDelivering => Thread.CurrentThread == _thread;

    /// <summary>The process has ended: calls <paramref name="finished"/> when its last line has been delivered, on the pump's thread unless that has ended already.</summary>
    public void Finish(Action finished)
    {
        bool isRunning;
        lock (_gate)
        {
            isRunning = _stage == Stage.Running;
            if (isRunning) _finished = finished;
        }

        if (isRunning)
        {
            _pipe.EndOfProcess();
            return;
        }

        _pipe.Dispose();
        finished();
    }

    private void Run()
    {
        byte[] buffer = new byte[BufferSize];
        int count;
        while ((count = _pipe.Read(buffer)) > 0) _lines.Append(buffer.AsSpan(0, count));
        _lines.End();
        _pipe.Dispose();

        Action? finished;
        lock (_gate)
        {
            _stage = Stage.Ended;
            finished = _finished;
        }

        finished?.Invoke();
    }

    private void Deliver(ReadOnlySpan<byte> line)
    {
        if (_tee is not null) Copy(line);
        _received(LineSplitter.Decode(line));
        Volatile.Write(ref _deliveredLines, _deliveredLines + 1);
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
