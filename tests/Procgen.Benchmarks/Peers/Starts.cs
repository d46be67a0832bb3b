namespace Procgen.Benchmarks.Peers;

/// <summary>Starting, joining and calling one child; compiled into the native executable too.</summary>
internal static class Starts
{
    private const int Warmups = 3;
    private const int Count = 15;

    public static Task StartAndJoinAsync(Samples samples) => samples.AddMillisecondsAsync(Warmups, Count, static () =>
    {
        using ChildProcess child = ChildProcess.Start(ProcessWorkTargets.Nothing());
        child.Join();
        return Task.CompletedTask;
    });

    public static Task CallAsync(Samples samples)
    {
        int next = 0;
        return samples.AddMillisecondsAsync(Warmups, Count, async () =>
        {
            int x = next++;
            using ChildProcess<int> child = ChildProcess.Start(ProcessWorkTargets.Square(x));
            if (await child.Completion.ConfigureAwait(false) != x * x) throw new InvalidOperationException("wrong result");
            child.Join();
        });
    }
}

/// <summary>What the children run.</summary>
internal static class ProcessWork
{
    [ProcessTarget]
    public static void Nothing()
    {
    }

    [ProcessTarget]
    public static int Square(int x) => x * x;
}
