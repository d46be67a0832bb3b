namespace Procgen;

/// <summary>
/// A target threw an exception that is neither one of the base class library's well-known ones nor named in its
/// <see cref="ProcessTargetAttribute.Throws"/>, or whose constructor throws here: its type, message and stack as text.
/// Python's <c>RemoteTraceback</c>.
/// </summary>
public sealed class RemoteException : ProcgenException
{
    internal RemoteException(string typeName, string message, string? stackTrace, Exception? inner = null)
        : base($"{typeName}: {message}", inner)
    {
        RemoteTypeName = typeName;
        RemoteMessage = message;
        RemoteStackTrace = stackTrace;
    }

    /// <summary>The exception's full type name in the worker.</summary>
    public string RemoteTypeName { get; }

    /// <summary>Its message.</summary>
    public string RemoteMessage { get; }

    /// <summary>Its stack in the worker, where it had one.</summary>
    public string? RemoteStackTrace { get; }

    /// <inheritdoc/>
    public override string ToString() => RemoteStackTrace is null
        ? base.ToString()
        : $"{base.ToString()}{Environment.NewLine}--- in the worker ---{Environment.NewLine}{RemoteStackTrace}";
}
