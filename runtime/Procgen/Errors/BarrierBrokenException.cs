namespace Procgen;

/// <summary>
/// A <see cref="ProcessBarrier"/> cannot be passed: it was aborted or reset, a party timed out, was killed, or its
/// action failed. Python's <c>BrokenBarrierError</c>.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class BarrierBrokenException(string? message = null, Exception? inner = null) : ProcgenException(message, inner);
