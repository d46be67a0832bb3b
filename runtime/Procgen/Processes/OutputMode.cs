namespace Procgen;

/// <summary>Where what a process writes to its standard output or standard error goes.</summary>
public enum OutputMode
{
    /// <summary>Where this process's own goes: the same terminal, file or pipe.</summary>
    Inherit,

    /// <summary>Nowhere.</summary>
    Discard,

    /// <summary>Line by line to a callback.</summary>
    Capture,

    /// <summary>Line by line to a callback and to this process's own stream.</summary>
    Tee,
}
