using Procgen.CompilerServices;

namespace Procgen.Synchronization;

/// <summary>Reads the rest of a handle whose state lives in a manager's server.</summary>
internal delegate TState StateReader<out TState>(ref PayloadReader reader);

/// <summary>
/// How handles of the kind <see cref="HandleKind.Managed"/> are opened: managers lie further up the way and say it, once a
/// process has to know.
/// </summary>
internal static class HostedStates
{
    /// <summary>
    /// Sets every <see cref="HostedStates{TState}.Reader"/>. Set itself when the process begins, and cheap until it is called; null in a
    /// native executable that was built without managers.
    /// </summary>
    public static Action? Load { get; set; }

    /// <exception cref="ProcessSerializationException">It is no handle that this process can open.</exception>
    public static TState Read<TState>(HandleKind kind, ref PayloadReader reader)
        where TState : class
    {
        if (kind != HandleKind.Managed) throw HandleKinds.Unknown(kind);
        if (Load is null)
            throw new ProcessSerializationException("a handle whose state lives in a manager's server, without which this native executable was built: name ProcessManager in its source");
        if (HostedStates<TState>.Reader is null) Load();
        return HostedStates<TState>.Reader is { } read ? read(ref reader) : throw HandleKinds.Unknown(kind);
    }
}

/// <summary>The reader of one kind of state.</summary>
internal static class HostedStates<TState>
    where TState : class
{
    public static StateReader<TState>? Reader { get; set; }
}
