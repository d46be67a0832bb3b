namespace Procgen;

/// <summary>
/// A <see cref="ProcessBarrier"/> cannot be passed: it was aborted or reset, a party timed out, was killed, or its
/// action failed. Python's <c>BrokenBarrierError</c>.
/// </summary>
public sealed class BarrierBrokenException : ProcgenException
{
    internal BarrierBrokenException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
