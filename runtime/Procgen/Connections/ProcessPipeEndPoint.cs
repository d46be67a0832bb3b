using System.Net;

namespace Procgen;

/// <summary>The address of a listener on a named pipe of this machine, open to the current user. Python's <c>AF_PIPE</c>.</summary>
public sealed class ProcessPipeEndPoint : EndPoint
{
    /// <summary>Names a pipe.</summary>
    /// <param name="pipeName">Its name, without <c>\\.\pipe\</c>; on Unix without a slash, or an absolute path for its socket file.</param>
    public ProcessPipeEndPoint(string pipeName)
    {
        ArgumentException.ThrowIfNullOrEmpty(pipeName);
        PipeName = pipeName;
    }

    /// <summary>The pipe's name.</summary>
    public string PipeName { get; }

    /// <inheritdoc/>
    public override string ToString() => $"pipe:{PipeName}";

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ProcessPipeEndPoint other && other.PipeName == PipeName;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(PipeName);
}
