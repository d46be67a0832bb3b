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
}
