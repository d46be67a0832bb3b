using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Procgen.CompilerServices;

/// <summary>
/// Values in memory that is zero already, so that what lies between their fields stays zero: a copy of a whole value takes
/// along whatever the stack held there, and equal values would not be equal bytes.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MemoryImage
{
    // Offset minutes as an int32, four bytes of nothing, UTC ticks: so it is on .NET 8 to 10.
    private static readonly bool IsOffsetFirst = ProbeDateTimeOffset();

    /// <summary>A date with its offset, which is the one type of the base class library with a gap in it.</summary>
    public static void Set(ref DateTimeOffset target, DateTimeOffset value) =>
        SetDateTimeOffset(ref Unsafe.As<DateTimeOffset, byte>(ref target), value);

    /// <summary>Makes an optional value one that is there, and returns where.</summary>
    public static ref T Some<T>(ref T? target)
        where T : unmanaged
    {
        ref byte flag = ref Unsafe.As<T?, byte>(ref target);
        flag = 1;
        return ref Unsafe.As<byte, T>(ref Unsafe.Add(ref flag, Unsafe.SizeOf<T?>() - Unsafe.SizeOf<T>()));
    }

    /// <summary>Where in a value's memory a field of it is, in bytes.</summary>
    public static int Offset<T, TField>(ref T value, ref TField field) =>
        (int)Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref value), ref Unsafe.As<TField, byte>(ref field));

    /// <summary>The memory of a value without references, where its own type is known to have no gaps, or is a date with an offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Set<T>(ref byte target, T value)
    {
        if (typeof(T) == typeof(DateTimeOffset)) SetDateTimeOffset(ref target, Unsafe.As<T, DateTimeOffset>(ref value));
        else Unsafe.WriteUnaligned(ref target, value);
    }

    private static void SetDateTimeOffset(ref byte target, DateTimeOffset value)
    {
        if (!IsOffsetFirst)
        {
            Unsafe.WriteUnaligned(ref target, value);
            return;
        }

        Unsafe.WriteUnaligned(ref target, (long)(uint)value.TotalOffsetMinutes);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, sizeof(long)), value.UtcTicks);
    }

    private static bool ProbeDateTimeOffset()
    {
        if (Unsafe.SizeOf<DateTimeOffset>() != 16) return false;
        DateTimeOffset probe = new(new DateTime(2024, 1, 2, 3, 4, 5), TimeSpan.FromMinutes(90));
        ref byte bytes = ref Unsafe.As<DateTimeOffset, byte>(ref probe);
        return BitConverter.IsLittleEndian
            && Unsafe.ReadUnaligned<short>(ref bytes) == 90
            && Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref bytes, sizeof(long))) == probe.UtcTicks;
    }
}
