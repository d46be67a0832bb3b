namespace Procgen.Tests.Pools;

/// <summary>Targets that are given a pipe end: the other end tells who still counts as open.</summary>
internal static class PoolHandleJobs
{
    [ProcessTarget]
    public static void Touch(Connection<int> end) => end.Dispose();

    [ProcessTarget]
    public static IEnumerable<int> SendAndYield(Connection<int> end, int count)
    {
        using (end)
        {
            for (int i = 0; i < count; i++)
            {
                end.Send(i);
                yield return i;
            }
        }
    }
}
