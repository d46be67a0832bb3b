using Procgen.CompilerServices;

namespace Procgen.Tests.Pools;

/// <summary>A result whose reading keeps the thread that reads a worker's results, for as long as a test wants.</summary>
[ProcessCodec(typeof(HeldCodec))]
internal sealed class Held
{
    /// <summary>Set where results are read at once.</summary>
    public static ManualResetEventSlim MayBeRead { get; } = new(true);
}

internal sealed class HeldCodec : Codec<Held>
{
    public override void Write(ref PayloadWriter writer, Held value)
    {
    }

    public override Held Read(ref PayloadReader reader)
    {
        Held.MayBeRead.Wait();
        return new Held();
    }
}

internal static class HeldJobs
{
    [ProcessTarget]
    public static Held Make() => new();

    /// <summary>The first item returns while a thread of its own still reports more than a link holds; the others wait.</summary>
    [ProcessTarget]
    public static int ReturnWhileReporting(int x, ProcessEvent isSecond, ProcessEvent mayEnd, IProgress<byte[]> progress)
    {
        if (x == 0)
        {
            new Thread(() => progress.Report(new byte[1 << 20])) { IsBackground = true }.Start();
            Thread.Sleep(300); // That it is in the system call is told by nothing.
            return x;
        }

        isSecond.Set();
        mayEnd.Wait();
        return x;
    }
}
