namespace Procgen.Shared;

/// <summary>
/// How long a wait of one kind spins before it sleeps. Waking a sleeper costs some 20 µs, so spinning pays when the other
/// side answers sooner and runs on another core; it learns from whether that came true, and is off while more threads
/// run than there are cores.
/// </summary>
/// <remarks>A mutable struct in the object it belongs to. Races between threads cost a little accuracy, nothing else.</remarks>
internal struct SpinBudget
{
    // A round is Thread.SpinWait(1) and a look, some 40 ns: 40 µs at most.
    private const int Most = 1000;
    private const int Least = 20;

    private int _less;

    /// <summary>How many rounds of <c>Thread.SpinWait(1)</c> to try now; 0 when it cannot help.</summary>
    public readonly int Rounds => MachineLoad.HasRoom ? Most - _less : 0;

    /// <summary>What was waited for came while spinning.</summary>
    public void Hit() => _less /= 2;

    /// <summary>It did not.</summary>
    public void Miss()
    {
        _less = Most - Math.Max(Least, (Most - _less) / 2);
        MachineLoad.Look();
    }
}
