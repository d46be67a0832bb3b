using System.ComponentModel;
using System.Runtime.CompilerServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Values that contain no references are their memory. Generated code names no others.</summary>
/// <remarks>Without the <c>unmanaged</c> constraint, as all codecs of such values: see <see cref="PayloadReader.ReadMemory{T}"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public class UnmanagedCodec<T> : Codec<T>, IMemoryCodec
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
    public override void Write(ref PayloadWriter writer, T value) => writer.WriteMemory(value);

    /// <inheritdoc/>
    public override T Read(ref PayloadReader reader) => reader.ReadMemory<T>();
}
