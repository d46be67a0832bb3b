namespace Procgen;

/// <summary>
/// A value cannot be encoded after all (a more derived type than declared, a cycle, a lone surrogate, nesting over
/// 1,000), or bytes that were received are not a value of the expected type. Python's <c>PicklingError</c>.
/// </summary>
public sealed class ProcessSerializationException : ProcgenException
{
    internal ProcessSerializationException(string message, string path = "", Exception? inner = null)
        : base(path.Length == 0 ? message : $"{path}: {message}", inner) => Path = path;

    /// <summary>The member at fault, from the argument or result down: <c>job.Owner.Name</c>. Empty where there is none.</summary>
    public string Path { get; }
}
