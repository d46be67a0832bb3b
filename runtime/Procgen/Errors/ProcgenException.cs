namespace Procgen;

/// <summary>What is ours to throw: the base of the errors that only exist because work runs in other processes.</summary>
/// <param name="message">What happened, to which target, worker and process, and what to do.</param>
/// <param name="inner">The cause, where there is one.</param>
public class ProcgenException(string? message = null, Exception? inner = null) : Exception(message, inner);
