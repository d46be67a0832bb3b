namespace Procgen.Tests.Pools;

/// <summary>Waits for what no event tells.</summary>
internal static class TestWait
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition()) await Task.Delay(5, guard.Token);
    }
}
