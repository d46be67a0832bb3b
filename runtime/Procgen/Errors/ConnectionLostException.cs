namespace Procgen;

/// <summary>A manager's server or a peer is gone, or broke the protocol, while something was expected of it.</summary>
/// <param name="message">What is gone, and what to do.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class ConnectionLostException(string? message = null, Exception? inner = null) : ProcgenException(message, inner);
