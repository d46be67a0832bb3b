namespace Procgen;

/// <summary>A manager's server or a peer is gone, or broke the protocol, while something was expected of it.</summary>
public sealed class ConnectionLostException : ProcgenException
{
    internal ConnectionLostException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
