using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>The captured streams of one process: pipes before it starts, pumps afterwards.</summary>
internal sealed class OutputCapture
{
    private readonly LaunchRequest _request;
    private readonly OutputTail _errorTail = new();
    private readonly CapturePipe? _outputPipe;
    private readonly CapturePipe? _errorPipe;
    private readonly List<OutputPump> _pumps = new(2);

    private OutputCapture(LaunchRequest request)
    {
        _request = request;
        if (LaunchRequest.IsCaptured(request.StandardOutput)) _outputPipe = CapturePipe.Create();
        if (LaunchRequest.IsCaptured(request.StandardError)) _errorPipe = CapturePipe.Create();
    }

    /// <summary>The child's end of the pipe; null where standard output is not captured.</summary>
    public nint? OutputWriteEnd => _outputPipe?.WriteEnd;

    /// <summary>The child's end of the pipe; null where standard error is not captured.</summary>
    public nint? ErrorWriteEnd => _errorPipe?.WriteEnd;

    /// <summary>The last 64 lines.</summary>
    public string StandardErrorTail => _errorTail.ToString();

    /// <summary>Whether the calling thread is delivering a line.</summary>
    public bool IsDelivering => _pumps.Exists(static pump => pump.IsDelivering);

    public long DeliveredLines => _pumps.Sum(static pump => pump.DeliveredLines);

    /// <summary>Null where nothing is captured.</summary>
    public static OutputCapture? Create(LaunchRequest request)
        => LaunchRequest.IsCaptured(request.StandardOutput) || LaunchRequest.IsCaptured(request.StandardError) ? new OutputCapture(request) : null;

    /// <summary>The process has been started and holds its ends.</summary>
    public void Attach(int processId)
    {
        Attach(_outputPipe, isError: false, processId);
        Attach(_errorPipe, isError: true, processId);
    }

    public void Start()
    {
        foreach (OutputPump pump in _pumps) pump.Start();
    }

    /// <summary>The process has ended: calls <paramref name="delivered"/>, on a pump's thread, when all it wrote has been delivered.</summary>
    public void Finish(Action delivered)
    {
        int left = _pumps.Count;
        foreach (OutputPump pump in _pumps)
        {
            pump.Finish(() =>
            {
                if (Interlocked.Decrement(ref left) == 0) delivered();
            });
        }
    }

    /// <summary>The process could not be started.</summary>
    public void Abandon()
    {
        _outputPipe?.Dispose();
        _errorPipe?.Dispose();
    }

    private void Attach(CapturePipe? pipe, bool isError, int processId)
    {
        if (pipe is null) return;
        pipe.CloseWriteEnd();
        OutputMode mode = isError ? _request.StandardError : _request.StandardOutput;
        Stream? tee = mode != OutputMode.Tee ? null : isError ? Console.OpenStandardError() : Console.OpenStandardOutput();
        Action<int, bool, string>? received = _request.OutputReceived;
        OutputTail? tail = isError ? _errorTail : null;
        _pumps.Add(new OutputPump(pipe, tee, Receive, $"procgen {(isError ? "err" : "out")} {processId}"));

        void Receive(string line)
        {
            tail?.Add(line);
            received?.Invoke(processId, isError, line);
        }
    }
}
