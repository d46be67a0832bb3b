using System.ComponentModel;
using System.Runtime.CompilerServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Values that contain no references are their memory.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public class UnmanagedCodec<T> : Codec<T>, IMemoryCodec
    where T : unmanaged
{
    /// <summary>The one instance.</summary>
    public static readonly UnmanagedCodec<T> Instance = new();

    /// <summary>For codecs of types with gaps between their fields, which generated code derives.</summary>
    protected UnmanagedCodec()
    {
    }

    /// <inheritdoc/>
    public sealed override int MinimumSize => Unsafe.SizeOf<T>();

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T value) => writer.WriteUnmanaged(value);

    /// <inheritdoc/>
    public override T Read(ref PayloadReader reader) => reader.ReadUnmanaged<T>();
}
