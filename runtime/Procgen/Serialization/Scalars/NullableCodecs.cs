using System.ComponentModel;
using System.Runtime.CompilerServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Optional values that contain no references: a flag, a gap, the value; all zero where there is none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UnmanagedNullableCodec<T>(Codec<T> value) : Codec<T?>, IMemoryCodec
    where T : struct
{
    /// <summary>The one for a type without gaps.</summary>
    public static readonly UnmanagedNullableCodec<T> Instance = new(UnmanagedCodec<T>.Instance);

    private readonly int[] _flags = Flags.Join(Flags.First, Flags.Of(value), Unsafe.SizeOf<T?>() - Unsafe.SizeOf<T>());

    int[] IMemoryCodec.Flags => _flags;

    /// <inheritdoc/>
    public override int MinimumSize => Unsafe.SizeOf<T?>();

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T? optional)
    {
        if (!optional.HasValue)
        {
            writer.ReserveZeroed(Unsafe.SizeOf<T?>());
            return;
        }

        writer.ReserveZeroed(Unsafe.SizeOf<T?>() - Unsafe.SizeOf<T>()) = 1;
        value.Write(ref writer, optional.GetValueOrDefault());
    }

    /// <inheritdoc/>
    public override T? Read(ref PayloadReader reader) => reader.ReadFlagged<T?>(_flags);
}

/// <summary>Optional structs with references: a code and, where there is one, the value.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NullableCodec<T>(Codec<T> value) : Codec<T?>
    where T : struct
{
    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T? optional)
    {
        writer.WriteMemory(optional.HasValue ? (byte)1 : PayloadFormat.Null);
        if (optional.HasValue) value.Write(ref writer, optional.GetValueOrDefault());
    }

    /// <inheritdoc/>
    public override T? Read(ref PayloadReader reader)
    {
        byte code = reader.ReadMemory<byte>();
        if (code == PayloadFormat.Null) return null;
        if (code != 1) PayloadErrors.Code(code, "an optional value");
        return value.Read(ref reader);
    }
}
