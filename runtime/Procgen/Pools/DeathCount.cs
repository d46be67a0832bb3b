namespace Procgen.Pools;

/// <summary>
/// Workers that have died in a row before they passed one point of their lives. So many of them are a constant trouble where
/// none has ever passed it, else a change for the worse, which may pass.
/// </summary>
internal struct DeathCount
{
    private const int MaxAtFirst = 3;
    private const int MaxLater = 8;

    private int _count;
    private bool _wasEverPassed;

    /// <summary>One more has died.</summary>
    /// <returns>Whether others would fare no better.</returns>
    public bool Add() => ++_count >= (_wasEverPassed ? MaxLater : MaxAtFirst);

    /// <summary>A worker has passed the point.</summary>
    public void Pass()
    {
        _count = 0;
        _wasEverPassed = true;
    }
}
