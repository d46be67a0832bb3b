using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>
/// An assembly's targets. Each is made when it is first asked for: a worker runs one of them, or a few, and to make them all
/// at every start would take as long as all else that a worker does there.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TargetTable
{
    // Boxed, so that it is read and written whole.
    private object? _moduleVersionId;

    /// <summary>What there is to be found.</summary>
    public abstract ReadOnlySpan<ulong> Ids { get; }

    /// <summary>The target of that id; null where there is none.</summary>
    public abstract Target? Find(ulong id);

    internal Guid ModuleVersionId => (Guid)(_moduleVersionId ??= GetType().Module.ModuleVersionId);
}
