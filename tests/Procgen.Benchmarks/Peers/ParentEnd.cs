using System.Collections.Concurrent;
using System.Diagnostics;
using Procgen.Shared;

namespace Procgen.Benchmarks.Peers;

/// <summary>How soon all descendants of a killed process are gone; compiled into the native executable too.</summary>
internal static class ParentEnd
{
    private const int Kills = 3;
    private const int Children = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Thirty-three processes boot at once, and in some shapes each unpacks its file first.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>For all of it.</summary>
    public static TimeSpan Limit => Kills * (StartLimit + Patience);

    /// <summary>From the signal to the end of the last of sixteen busy children and the busy child of each.</summary>
    public static async Task KillAsync(Samples samples)
    {
        for (int i = 0; i < Kills; i++)
        {
            var family = new Family(2 * Children);
            using ChildProcess parent = ChildProcess.Start(ParentEndJobsTargets.BeParent(Children, family));
            await family.Complete.WaitAsync(StartLimit).ConfigureAwait(false);
            ProcessIdentity[] members = [.. family.Ids.Select(ProcessIdentity.Of)];
            if (!Array.TrueForAll(members, static member => member.IsAlive)) throw new InvalidOperationException("a busy process has ended by itself");

            long killed = Stopwatch.GetTimestamp();
            parent.Kill();
            while (Array.Exists(members, static member => member.IsAlive))
            {
                if (Stopwatch.GetElapsedTime(killed) > Patience) throw new TimeoutException("a process has outlived its parent");
                Thread.Sleep(1);
            }

            samples.Add(Stopwatch.GetElapsedTime(killed).TotalMilliseconds);
        }
    }

    /// <summary>Who has come up so far.</summary>
    private sealed class Family(int size) : IProgress<int>
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<int> Ids { get; } = [];

        public Task Complete => _complete.Task;

        public void Report(int value)
        {
            Ids.Enqueue(value);
            if (Ids.Count == size) _complete.TrySetResult();
        }
    }
}

/// <summary>What the processes of that family do.</summary>
internal static class ParentEndJobs
{
    /// <summary>Has so many children, each with a child of its own.</summary>
    [ProcessTarget]
    public static void BeParent(int children, IProgress<int> born)
    {
        var relay = new Relay(born);
        for (int i = 0; i < children; i++) _ = ChildProcess.Start(ParentEndJobsTargets.BeChild(hasChild: true, relay));
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Says who it is, has one child that does the same without any, and works.</summary>
    [ProcessTarget]
    public static void BeChild(bool hasChild, IProgress<int> born)
    {
        born.Report(Environment.ProcessId);
        if (hasChild) _ = ChildProcess.Start(ParentEndJobsTargets.BeChild(hasChild: false, new Relay(born)));
        while (true) Thread.SpinWait(100);
    }

    /// <summary>Hands on at once what a child reports.</summary>
    private sealed class Relay(IProgress<int> next) : IProgress<int>
    {
        public void Report(int value) => next.Report(value);
    }
}
