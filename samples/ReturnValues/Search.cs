using Procgen;

namespace ReturnValues;

/// <summary>What both searches call.</summary>
internal static class Search
{
    /// <summary>The one that answers true.</summary>
    public const int Wanted = 10_000;

    [ProcessTarget]
    public static bool Test(int p)
    {
        Thread.Sleep(1); // stands for work
        return p == Wanted;
    }
}
