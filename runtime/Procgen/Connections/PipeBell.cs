using Procgen.CompilerServices;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>
/// What a thread that serves many pipes sleeps on: one word in shared memory, which the other ends ring after a message, so
/// that one wake is enough for all that has come meanwhile. Ringing costs a look while nobody sleeps.
/// </summary>
/// <remarks>Thread-safe. A ring that is lost because its process was killed delays the sleeper until it next looks around.</remarks>
internal sealed class PipeBell : IDisposable
{
    private readonly SharedBlock _block;
    private readonly Signal _signal;

    public PipeBell()
        : this(SharedBlock.Create(sizeof(int)))
    {
    }

    private PipeBell(SharedBlock block)
    {
        _block = block;
        _signal = new Signal(block, 0);
    }

    public static PipeBell Read(ref PayloadReader reader) => new(SharedBlock.Read(ref reader));

    /// <summary>Writes what opens it in another process; whoever made it keeps it open until then.</summary>
    public void Write(ref PayloadWriter writer) => _block.Write(ref writer);

    /// <summary>Wakes the sleeper, if there is one. Between the change that it looks for and this must lie a full fence.</summary>
    public void Ring() => _signal.Notify();

    /// <summary>Wakes the sleeper to look around.</summary>
    public void Shake() => _signal.Shake();

    /// <summary>Says that somebody is about to sleep, who then looks once more.</summary>
    /// <returns>For <see cref="Sleep"/>.</returns>
    public int Arm() => _signal.Arm();

    /// <summary>Sleeps unless somebody has rung since <see cref="Arm"/>, and not longer than until the next look around.</summary>
    public void Sleep(int armed) => _signal.Word.Wait(armed, Deadline.LookAroundMilliseconds);

    public void Dispose() => _block.Release();
}
