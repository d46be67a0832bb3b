namespace Procgen.Tests.Pools;

/// <summary>Targets that are given a pipe end: the other end tells who still counts as open.</summary>
internal static class PoolHandleJobs
{
    [ProcessTarget]
    public static void Touch(Connection<int> end) => end.Dispose();
}
