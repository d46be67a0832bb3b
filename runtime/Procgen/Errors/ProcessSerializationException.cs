using System.Text;

namespace Procgen;

/// <summary>
/// A value cannot be encoded after all (a more derived type than declared, a cycle, a lone surrogate, nesting over
/// 1,000), or bytes that were received are not a value of the expected type. Python's <c>PicklingError</c>.
/// </summary>
public sealed class ProcessSerializationException : ProcgenException
{
    // Paths come from the inside out, one exception filter at a time. In a ring, so that nesting of any depth costs a
    // constant: the outermost steps stay, an ellipsis stands for the inner ones.
    private const int MaxSteps = 24;

    private readonly string _problem;
    private (string? Member, int Index)[]? _steps;
    private int _stepCount;

    internal ProcessSerializationException(string message, string path = "", Exception? inner = null)
        : base(message, inner)
    {
        _problem = message;
        if (path.Length > 0) Within(path);
    }

    /// <summary>The member at fault, from the argument or result down: <c>job.Owner.Name</c>. Empty where there is none.</summary>
    public string Path
    {
        get
        {
            StringBuilder path = new();
            int kept = Math.Min(_stepCount, MaxSteps);
            for (int i = 1; i <= kept; i++)
            {
                (string? member, int index) = _steps![(_stepCount - i) % MaxSteps];
                if (member is null) path.Append('[').Append(index).Append(']');
                else path.Append(path.Length == 0 ? "" : ".").Append(member);
            }

            return path.Append(kept < _stepCount ? ".…" : "").ToString();
        }
    }

    /// <inheritdoc/>
    public override string Message => _stepCount == 0 ? _problem : $"{Path}: {_problem}";

    internal void Within(string member) => Add((member, 0));

    internal void Within(int index) => Add((null, index));

    private void Add((string? Member, int Index) step)
    {
        _steps ??= new (string?, int)[MaxSteps];
        _steps[_stepCount++ % MaxSteps] = step;
    }
}
