using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>
/// What a queue, lock, connection, call or proxy implements to cross a process boundary: a few bytes that name it,
/// never its contents. Generated code calls it through <see cref="PayloadWriter.WriteHandle{T}"/>.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IProcessHandle<TSelf>
    where TSelf : class, IProcessHandle<TSelf>
{
    /// <summary>Writes what another process needs to open the same thing.</summary>
    void WriteHandle(ref PayloadWriter writer);

    /// <summary>Opens what <see cref="WriteHandle"/> wrote.</summary>
    static abstract TSelf ReadHandle(ref PayloadReader reader);
}
