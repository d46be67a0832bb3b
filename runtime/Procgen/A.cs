namespace Procgen;

/// <summary>Soon.</summary>
public class ChildProcess
{
    /// <summary>Soon.</summary>
    protected virtual void Run() { }

    /// <summary>Soon.</summary>
    protected internal virtual ProcessCall CreateRunCall() => throw new InvalidOperationException();

    /// <summary>Soon.</summary>
    protected virtual void BecomeCurrent() { }
}
