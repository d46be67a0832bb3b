using System.Diagnostics;

namespace Procgen.Tests.Synchronization;

/// <summary>What the processes of a torture test and its parent tell each other. Crosses as an ordinary argument.</summary>
/// <param name="State">0: stop; 1: hurry; 2: how many are inside where one may be; from 3: each one's progress.</param>
/// <param name="Ready">Released by each that has made its first step; nobody takes it but the parent.</param>
public sealed record TortureBoard(SharedArray<long> State, ProcessSemaphore Ready)
{
    private static readonly TimeSpan Burst = TimeSpan.FromMicroseconds(50);

    private const int StopCell = 0;
    private const int HurryCell = 1;
    private const int InsideCell = 2;
    private const int ProgressCell = 3;

    public static TortureBoard Create(int processes) => new(new SharedArray<long>(ProgressCell + processes), new ProcessSemaphore(0));

    public void Stop() => Volatile.Write(ref State[StopCell], 1);

    /// <summary>Everyone works without a pause, so that a kill hits somebody at work; otherwise replacements could not boot beside them.</summary>
    public void Hurry(bool on) => Volatile.Write(ref State[HurryCell], on ? 1 : 0);

    public long ProgressOf(int process) => Volatile.Read(ref State[ProgressCell + process]);

    /// <summary>Repeats a step until the parent says stop.</summary>
    public void Run(int me, Action step)
    {
        step();
        Ready.Release();
        long burst = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref State[StopCell]) == 0)
        {
            step();
            Volatile.Write(ref State[ProgressCell + me], ProgressOf(me) + 1);
            if (Volatile.Read(ref State[HurryCell]) != 0 || Stopwatch.GetElapsedTime(burst) < Burst) continue;
            Thread.Sleep(10);
            burst = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Where only one may be; who takes over from a dead one finds it marked or not.</summary>
    public void EnterAlone(bool abandoned)
    {
        long before = Interlocked.Exchange(ref State[InsideCell], 1);
        if (before != 0 && !abandoned) throw new InvalidOperationException("two processes are inside");
    }

    public void LeaveAlone()
    {
        if (Interlocked.Exchange(ref State[InsideCell], 0) != 1) throw new InvalidOperationException("somebody else left");
    }
}
