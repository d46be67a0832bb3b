using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>Values that contain no references, as their memory.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UnmanagedCodec<T> : Codec<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T value) => writer.WriteUnmanaged(value);

    /// <inheritdoc/>
    public override T Read(ref PayloadReader reader) => reader.ReadUnmanaged<T>();
}
