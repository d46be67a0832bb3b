using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>Queues, locks, calls and the like: a few bytes that name them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class HandleCodec<T> : Codec<T>
    where T : class, IProcessHandle<T>
{
    /// <summary>The one instance.</summary>
    public static readonly HandleCodec<T> Instance = new();

    private HandleCodec()
    {
    }

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T? value) => writer.WriteHandle(value);

    /// <inheritdoc/>
    public override T Read(ref PayloadReader reader) => reader.ReadHandle<T>()!;
}
