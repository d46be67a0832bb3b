namespace Procgen.Benchmarks.Peers;

/// <summary>Starting, joining and calling one child.</summary>
internal static class ProcessRows
{
    public static IReadOnlyList<PeerRow> All { get; } = [];
}
