using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// Tells sleepers that a condition in shared memory may have come true: items, space, nothing left to do. One word: bit 0
/// says that someone may sleep, the rest counts notifications. Who notifies makes no system call unless bit 0 is set.
/// </summary>
/// <remarks>
/// A sleeper arms the signal, looks at the condition once more, and sleeps only while the word is as it was. One
/// notification wakes one sleeper, who arms the signal again for the others when it leaves and, where the condition
/// still holds, passes the notification on (<see cref="Parking"/>). A process killed between its change and the
/// notification, or between being woken and passing it on, delays the others until they next look around.
/// </remarks>
internal readonly struct Signal(SharedBlock block, long offset)
{
    private readonly WaitWord _word = new(block, offset);

    /// <summary>What to sleep on.</summary>
    public WaitWord Word => _word;

    /// <summary>Says that someone is about to sleep. Look at the condition after this.</summary>
    /// <returns>The word to sleep on.</returns>
    public int Arm() => Interlocked.Or(ref _word.Value, 1) | 1;

    /// <summary>Wakes one sleeper, if there may be one. Between the change and this must lie a full fence (leaving a latch is one).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Notify()
    {
        if ((_word.Read() & 1) != 0) Notify(1);
    }

    /// <summary>Wakes all sleepers, if there may be any.</summary>
    public void NotifyAll()
    {
        if ((_word.Read() & 1) != 0) Notify(int.MaxValue);
    }

    /// <summary>Wakes all sleepers of all processes for a reason of this one's own: to look whether they were cancelled or disposed.</summary>
    public void Shake()
    {
        Interlocked.Add(ref _word.Value, 2);
        _word.WakeAll();
    }

    private void Notify(int count)
    {
        int seen = _word.Read();
        while ((seen & 1) != 0)
        {
            int now = Interlocked.CompareExchange(ref _word.Value, unchecked(seen + 1), seen);
            if (now == seen)
            {
                _word.Wake(count);
                return;
            }

            seen = now;
        }
    }
}
