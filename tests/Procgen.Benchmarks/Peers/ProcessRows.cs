namespace Procgen.Benchmarks.Peers;

/// <summary>Starting, joining and calling one child, and what is left of a family when its head is killed.</summary>
internal static class ProcessRows
{
    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("start and join an empty child, against spawn", "ms", Bound.AtMost(0.7), Starts.StartAndJoinAsync, Peer.Python("start_join.py", "spawn")),
        new("start and join an empty child, against forkserver", "ms", Bound.None, Starts.StartAndJoinAsync, Peer.Python("start_join.py", "forkserver")),
        new("start and join an empty child, against fork", "ms", Bound.None, Starts.StartAndJoinAsync, Peer.Python("start_join.py", "fork")),
        new("start and join an empty child from the reserve, against fork", "ms", Bound.AtMost(1.0), Starts.StartAndJoinFromReserveAsync, Peer.Python("start_join.py", "fork")),
        new("end a process with nothing but the .NET runtime in it, against fork", "ms", Bound.None, BareRuntime.EndAsync, Peer.Python("start_join.py", "fork")),
        Native("start and join an empty child, NativeAOT, against fork", Bound.AtMost(2.5), nameof(Starts.StartAndJoinAsync), Starts.StartAndJoinAsync, Peer.Python("start_join.py", "fork")),
        Native("start and join an empty child from the reserve, NativeAOT, against fork", Bound.None, nameof(Starts.StartAndJoinFromReserveAsync), Starts.StartAndJoinFromReserveAsync, Peer.Python("start_join.py", "fork")),
        Native("start and join an empty child, NativeAOT, against spawn", Bound.AtMost(0.2), nameof(Starts.StartAndJoinAsync), Starts.StartAndJoinAsync, Peer.Python("start_join.py", "spawn")),
        new("call and result in a fresh child, against spawn", "ms", Bound.AtMost(0.8), Starts.CallAsync, Peer.Python("call_result.py", "spawn")),
        new("call and result in a fresh child, against forkserver", "ms", Bound.None, Starts.CallAsync, Peer.Python("call_result.py", "forkserver")),
        new("call and result in a fresh child, against fork", "ms", Bound.None, Starts.CallAsync, Peer.Python("call_result.py", "fork")),
        Native("call and result in a fresh child, NativeAOT, against fork", Bound.None, nameof(Starts.CallAsync), Starts.CallAsync, Peer.Python("call_result.py", "fork")),
        new("kill a parent until its 16 busy children and 16 grandchildren are gone", "ms", Bound.AtMost(1000), ParentEnd.KillAsync, Peer.None),
        Native("kill a parent until its 16 busy children and 16 grandchildren are gone, NativeAOT", Bound.AtMost(1000), nameof(ParentEnd.KillAsync), ParentEnd.KillAsync, Peer.None),
    ];

    private static PeerRow Native(string name, Bound bound, string command, Func<Samples, Task> procgen, Peer peer) =>
        new(name, "ms", bound, procgen, peer) { NativeCommand = command };
}
