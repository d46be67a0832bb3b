namespace Procgen.Benchmarks.Peers;

/// <summary>Every row, in the order of the table: one file for each group.</summary>
internal static class PeerRows
{
    public static IReadOnlyList<PeerRow> All { get; } =
    [
        .. ProcessRows.All,
        .. QueueRows.All,
        .. LockRows.All,
        .. PoolRows.All,
        .. PoolEndRows.All,
        .. ManagerRows.All,
    ];

    public static IEnumerable<PeerRow> Matching(IReadOnlyList<string> filters) => filters.Count == 0
        ? All
        : All.Where(row => filters.Any(filter => row.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)));
}
