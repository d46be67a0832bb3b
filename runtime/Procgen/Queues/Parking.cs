using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// One blocked call: after each failed attempt, <see cref="Sleep"/> until another may succeed. Arms the signal first and
/// lets the caller look once more, so that no notification is missed.
/// </summary>
internal struct Parking(Signal signal, Deadline deadline, UseGate gate, CancellationToken cancellationToken) : IDisposable
{
    private CancellationTokenRegistration _registration;
    private bool _isArmed;
    private int _seen;

    /// <summary>Whether the call slept: then a notification may have been meant for another sleeper, and is to be passed on.</summary>
    public bool HasSlept { get; private set; }

    /// <returns>False when the time is up; else look again.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    public bool Sleep()
    {
        cancellationToken.ThrowIfCancellationRequested();
        gate.ThrowIfClosed();
        int milliseconds = deadline.Slice();
        if (milliseconds == 0) return false;
        if (_isArmed)
        {
            HasSlept = true;
            signal.Word.Wait(_seen, milliseconds);
        }
        else if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static shaken => ((Signal)shaken!).Shake(), signal);
        }

        _seen = signal.Arm();
        _isArmed = true;
        return true;
    }

    public readonly void Dispose() => _registration.Dispose();
}
