using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>
/// A 32-bit word in a block that threads of any process sleep on until it changes. The change itself is the caller's,
/// by atomic operations; waking is a second step, so a sleeper must look around now and then
/// (<see cref="Deadline.LookAroundMilliseconds"/>), because a process may be killed between the two.
/// </summary>
internal readonly unsafe struct WaitWord
{
    private readonly SharedBlock _block;
    private readonly long _place;
    private readonly int* _word;

    /// <param name="block">The block that the word is in.</param>
    /// <param name="offset">Where, in the first range: a multiple of 4.</param>
    public WaitWord(SharedBlock block, long offset)
    {
        _block = block;
        _place = offset;
        _word = (int*)block.AddressOf(offset);
    }

    /// <param name="view">The view that the word is in.</param>
    /// <param name="offset">Where, from the view's beginning: a multiple of 4.</param>
    public WaitWord(SharedView view, long offset)
    {
        _block = view.Block;
        _place = view.Offset + offset;
        _word = (int*)view.AddressOf(offset);
    }

    /// <summary>For atomic operations.</summary>
    public ref int Value => ref *_word;

    /// <summary>The word, not older than this read.</summary>
    public int Read() => Volatile.Read(ref *_word);

    /// <summary>Sleeps while the word is <paramref name="expected"/>. Any return may be early: look again.</summary>
    /// <param name="expected">What the caller saw.</param>
    /// <param name="milliseconds">How long at most.</param>
    /// <returns>False when the time was up.</returns>
    public bool Wait(int expected, int milliseconds)
    {
        if (OperatingSystem.IsLinux()) return LibCFutex.Wait(_word, expected, milliseconds);
        return WaitElsewhere(expected, milliseconds);
    }

    /// <summary>Wakes sleepers.</summary>
    /// <param name="count">How many at most; some systems wake more.</param>
    public void Wake(int count = 1)
    {
        if (OperatingSystem.IsLinux()) LibCFutex.Wake(_word, count);
        else if (OperatingSystem.IsWindows()) WordSemaphores.Wake(_block.Id, _place, count);
        else if (LibSystemWait.WaitsOnAddresses) LibSystemWait.Wake(_word, count);
    }

    /// <summary>Wakes every sleeper.</summary>
    public void WakeAll() => Wake(int.MaxValue);

    /// <summary>Wakes every sleeper when the token fires. One that was about to sleep notices at its next look around.</summary>
    public CancellationTokenRegistration WakeWhenCancelled(CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? cancellationToken.UnsafeRegister(static word => ((WaitWord)word!).WakeAll(), this)
        : default;

    internal LibCFutex.WaitEntry Entry(int expected) => new(_word, expected);

    private bool WaitElsewhere(int expected, int milliseconds)
    {
        if (OperatingSystem.IsWindows()) return WordSemaphores.Wait(this, _block.Id, _place, expected, milliseconds);
        if (LibSystemWait.WaitsOnAddresses) LibSystemWait.Wait(_word, expected, milliseconds);
        else Poll(expected, milliseconds);
        return Read() != expected;
    }

    private void Poll(int expected, int milliseconds)
    {
        Deadline deadline = Deadline.After(TimeSpan.FromMilliseconds(milliseconds));
        while (Read() == expected && !deadline.HasPassed) Thread.Sleep(1);
    }
}
