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

    private readonly int[] _flags;

    /// <summary>For codecs of types with gaps between their fields or with bools, which generated code derives.</summary>
    /// <param name="flags">Where in a value's memory its bools are.</param>
    protected UnmanagedCodec(params int[] flags) => _flags = flags;

    private UnmanagedCodec()
        : this(typeof(T) == typeof(bool) ? Serialization.Flags.First : [])
    {
    }

    int[] IMemoryCodec.Flags => _flags;

    /// <inheritdoc/>
    public sealed override int MinimumSize => Unsafe.SizeOf<T>();

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T value) => writer.WriteMemory(value);

    /// <inheritdoc/>
    public override T Read(ref PayloadReader reader) => _flags.Length == 0 || typeof(T) == typeof(bool) ? reader.ReadMemory<T>() : reader.ReadFlagged<T>(_flags);
}
