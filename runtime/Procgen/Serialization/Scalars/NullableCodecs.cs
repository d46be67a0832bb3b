using System.ComponentModel;
using System.Runtime.CompilerServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Optional values that contain no references.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UnmanagedNullableCodec<T> : Codec<T?>, IMemoryCodec
    where T : unmanaged
{
    /// <summary>The one instance.</summary>
    public static readonly UnmanagedNullableCodec<T> Instance = new();

    private UnmanagedNullableCodec()
    {
    }

    /// <inheritdoc/>
    public override int MinimumSize => Unsafe.SizeOf<T?>();

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T? value) => writer.WriteNullable(value);

    /// <inheritdoc/>
    public override T? Read(ref PayloadReader reader) => reader.ReadNullable<T>();
}

/// <summary>Optional structs with references: a code and, where there is one, the value.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NullableCodec<T>(Codec<T> value) : Codec<T?>
    where T : struct
{
    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T? optional)
    {
        writer.WriteUnmanaged(optional.HasValue ? (byte)1 : PayloadFormat.Null);
        if (optional.HasValue) value.Write(ref writer, optional.GetValueOrDefault());
    }

    /// <inheritdoc/>
    public override T? Read(ref PayloadReader reader)
    {
        byte code = reader.ReadUnmanaged<byte>();
        if (code == PayloadFormat.Null) return null;
        if (code != 1) PayloadErrors.Code(code, "an optional value");
        return value.Read(ref reader);
    }
}
