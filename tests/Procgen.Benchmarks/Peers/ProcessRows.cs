using System.Globalization;

namespace Procgen.Benchmarks.Peers;

/// <summary>Starting, joining and calling one child, in each shape of an app, and what is left of a family when its head is killed.</summary>
internal static class ProcessRows
{
    private static readonly (string Name, AppShape Shape)[] ManagedShapes =
    [
        ("dotnet app.dll", AppShape.Dotnet),
        ("self-contained", AppShape.SelfContained),
        ("single file", AppShape.SingleFile),
        ("compressed single file", AppShape.Compressed),
        ("trimmed", AppShape.Trimmed),
    ];

    private static readonly (string Name, AppShape Shape) NativeShape = ("NativeAOT", AppShape.Native);

    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("start and join an empty child, against spawn", "ms", Bound.AtMost(0.7), Starts.StartAndJoinAsync, Peer.Python("start_join.py", "spawn")),
        new("start and join an empty child, against forkserver", "ms", Bound.None, Starts.StartAndJoinAsync, Peer.Python("start_join.py", "forkserver")),
        new("start and join an empty child, against fork", "ms", Bound.None, Starts.StartAndJoinAsync, Peer.Python("start_join.py", "fork")),
        new("start and join an empty child from the reserve, against fork", "ms", Bound.AtMost(1.0), Starts.StartAndJoinFromReserveAsync, Peer.Python("start_join.py", "fork")),
        new("start a child from the reserve, the caller's own time, against fork", "ms", Bound.AtMost(0.5), Starts.StartFromReserveAsync, Peer.Python("start.py", "fork")),
        new("start a child from the reserve, the caller's own time, against forkserver", "ms", Bound.AtMost(0.5), Starts.StartFromReserveAsync, Peer.Python("start.py", "forkserver")),
        new("end a process with nothing but the .NET runtime in it, against fork", "ms", Bound.None, BareRuntime.EndAsync, Peer.Python("start_join.py", "fork")),
        .. ManagedShapes.Select(static shape => In(shape, "start and join an empty child, {0}, against spawn", Bound.None, Starts.StartAndJoinAsync, Peer.Python("start_join.py", "spawn"))),
        InNative("start and join an empty child, {0}, against fork", Bound.AtMost(2.5), Starts.StartAndJoinAsync, Peer.Python("start_join.py", "fork")),
        InNative("start and join an empty child from the reserve, {0}, against fork", Bound.None, Starts.StartAndJoinFromReserveAsync, Peer.Python("start_join.py", "fork")),
        InNative("start and join an empty child, {0}, against spawn", Bound.AtMost(0.2), Starts.StartAndJoinAsync, Peer.Python("start_join.py", "spawn")),
        new("call and result in a fresh child, against spawn", "ms", Bound.AtMost(0.8), Starts.CallAsync, Peer.Python("call_result.py", "spawn")),
        new("call and result in a fresh child, against forkserver", "ms", Bound.None, Starts.CallAsync, Peer.Python("call_result.py", "forkserver")),
        new("call and result in a fresh child, against fork", "ms", Bound.None, Starts.CallAsync, Peer.Python("call_result.py", "fork")),
        InNative("call and result in a fresh child, {0}, against fork", Bound.None, Starts.CallAsync, Peer.Python("call_result.py", "fork")),
        new("kill a parent until its 16 busy children and 16 grandchildren are gone", "ms", Bound.AtMost(1000), ParentEnd.KillAsync, Peer.None) { Limit = ParentEnd.Limit },
        .. ManagedShapes.Append(NativeShape).Select(static shape =>
            In(shape, "kill a parent until its 16 busy children and 16 grandchildren are gone, {0}", Bound.AtMost(1000), ParentEnd.KillAsync, Peer.None) with { Limit = ParentEnd.Limit }),
    ];

    private static PeerRow InNative(string name, Bound bound, Func<Samples, Task> procgen, Peer peer) => In(NativeShape, name, bound, procgen, peer);

    // {0} in the row's name stands for the shape's.
    private static PeerRow In((string Name, AppShape Shape) shape, string name, Bound bound, Func<Samples, Task> procgen, Peer peer) =>
        new(string.Format(CultureInfo.InvariantCulture, name, shape.Name), "ms", bound, procgen, peer) { Shape = shape.Shape };
}
