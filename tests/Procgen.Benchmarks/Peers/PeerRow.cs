namespace Procgen.Benchmarks.Peers;

/// <summary>One line of the table: the same work on Procgen and on a peer, in one unit, with the ratio that is promised.</summary>
/// <param name="Name">What is measured; also what a filter on the command line matches.</param>
/// <param name="Unit">Of every sample of both sides: <c>ms</c>, <c>µs</c>, <c>items/s</c>.</param>
/// <param name="Bound">What the ratio of the medians, Procgen to peer, must keep; without a peer, the worst sample itself.</param>
/// <param name="Procgen">Adds Procgen's samples; runs in a fresh process of this executable.</param>
/// <param name="Peer">What it is compared with.</param>
internal sealed record PeerRow(string Name, string Unit, Bound Bound, Func<Samples, Task> Procgen, Peer Peer)
{
    /// <summary>How long one side may take in one round; whatever is left of it is killed then.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where set, what is measured runs in an app published in this shape, to which the measuring method's name says what is asked.</summary>
    public AppShape? Shape { get; init; }
}

/// <summary>The other side of a row: a script of Peers/Python in a fresh interpreter, or code in a fresh process of this executable.</summary>
internal abstract record Peer
{
    public static Peer Python(string script, params string[] arguments) => new PythonPeer(script, arguments);

    /// <summary>For what no peer does: CPython's pool hangs when a worker of it is killed.</summary>
    public static Peer None { get; } = new NoPeer();

    /// <summary>For bounds that compare with the same work done without child processes.</summary>
    public static Peer InProcess(Func<Samples, Task> measure) => new InProcessPeer(measure);

    public sealed record PythonPeer(string Script, string[] Arguments) : Peer;

    public sealed record InProcessPeer(Func<Samples, Task> Measure) : Peer;

    public sealed record NoPeer : Peer;
}

/// <summary>A limit on a ratio, or, where there is no peer, on a value: at most where less is better (times), at least where more is better (rates).</summary>
internal readonly record struct Bound(double Ratio, bool IsAtMost)
{
    /// <summary>Neighbours on a shared machine shift a ratio; only a miss by more than a fifth fails a run.</summary>
    private const double Slack = 1.2;

    /// <summary>For rows that only inform.</summary>
    public static Bound None { get; } = AtMost(double.PositiveInfinity);

    public static Bound AtMost(double ratio) => new(ratio, IsAtMost: true);

    public static Bound AtLeast(double ratio) => new(ratio, IsAtMost: false);

    public bool IsMet(double ratio) => IsAtMost ? ratio <= Ratio : ratio >= Ratio;

    /// <summary>Of two samples, the one that is further from what is promised.</summary>
    public double Worse(double left, double right) => IsAtMost ? Math.Max(left, right) : Math.Min(left, right);

    public bool IsFarMissed(double ratio) => IsAtMost ? ratio > Ratio * Slack : ratio < Ratio / Slack;

    public override string ToString() => this == None ? "–" : (IsAtMost ? "≤ " : "≥ ") + Table.Number(Ratio);
}
