using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>The codecs that need no generated code: scalars, text, and arrays of them.</summary>
internal static class BuiltInCodecs
{
    /// <summary>For value types: the comparisons are constants to the compiler, and so only one branch is left.</summary>
    public static object? FindValue<T>()
    {
        if (typeof(T) == typeof(bool)) return UnmanagedCodec<bool>.Instance;
        if (typeof(T) == typeof(byte)) return UnmanagedCodec<byte>.Instance;
        if (typeof(T) == typeof(sbyte)) return UnmanagedCodec<sbyte>.Instance;
        if (typeof(T) == typeof(char)) return UnmanagedCodec<char>.Instance;
        if (typeof(T) == typeof(short)) return UnmanagedCodec<short>.Instance;
        if (typeof(T) == typeof(ushort)) return UnmanagedCodec<ushort>.Instance;
        if (typeof(T) == typeof(int)) return UnmanagedCodec<int>.Instance;
        if (typeof(T) == typeof(uint)) return UnmanagedCodec<uint>.Instance;
        if (typeof(T) == typeof(long)) return UnmanagedCodec<long>.Instance;
        if (typeof(T) == typeof(ulong)) return UnmanagedCodec<ulong>.Instance;
        if (typeof(T) == typeof(nint)) return UnmanagedCodec<nint>.Instance;
        if (typeof(T) == typeof(nuint)) return UnmanagedCodec<nuint>.Instance;
        if (typeof(T) == typeof(Int128)) return UnmanagedCodec<Int128>.Instance;
        if (typeof(T) == typeof(UInt128)) return UnmanagedCodec<UInt128>.Instance;
        if (typeof(T) == typeof(Half)) return UnmanagedCodec<Half>.Instance;
        if (typeof(T) == typeof(float)) return UnmanagedCodec<float>.Instance;
        if (typeof(T) == typeof(double)) return UnmanagedCodec<double>.Instance;
        if (typeof(T) == typeof(decimal)) return UnmanagedCodec<decimal>.Instance;
        if (typeof(T) == typeof(Guid)) return UnmanagedCodec<Guid>.Instance;
        if (typeof(T) == typeof(DateTime)) return UnmanagedCodec<DateTime>.Instance;
        if (typeof(T) == typeof(DateTimeOffset)) return UnmanagedCodec<DateTimeOffset>.Instance;
        if (typeof(T) == typeof(DateOnly)) return UnmanagedCodec<DateOnly>.Instance;
        if (typeof(T) == typeof(TimeOnly)) return UnmanagedCodec<TimeOnly>.Instance;
        if (typeof(T) == typeof(TimeSpan)) return UnmanagedCodec<TimeSpan>.Instance;
        if (typeof(T) == typeof(Rune)) return UnmanagedCodec<Rune>.Instance;
        if (typeof(T) == typeof(Index)) return UnmanagedCodec<Index>.Instance;
        if (typeof(T) == typeof(Range)) return UnmanagedCodec<Range>.Instance;
        if (typeof(T) == typeof(Complex)) return UnmanagedCodec<Complex>.Instance;
        if (typeof(T) == typeof(BigInteger)) return BigIntegerCodec.Instance;
        return null;
    }

    /// <summary>For reference types, which share one copy of generic code: asked once per type.</summary>
    public static object? FindReference(Type type) => type.IsSZArray ? FindArray(type) : FindObject(type);

    private static object? FindObject(Type type)
    {
        if (type == typeof(string)) return StringCodec.Instance;
        if (type == typeof(Uri)) return TextCodecs.Uri;
        if (type == typeof(Version)) return VersionCodec.Instance;
        if (type == typeof(StringBuilder)) return StringBuilderCodec.Instance;
        if (type == typeof(CultureInfo)) return TextCodecs.CultureInfo;
        if (type == typeof(TimeZoneInfo)) return TextCodecs.TimeZoneInfo;
        if (type == typeof(BitArray)) return BitArrayCodec.Instance;
        return null;
    }

    private static object? FindArray(Type type)
    {
        if (type == typeof(string[])) return new ArrayCodec<string>(StringCodec.Instance);
        if (type == typeof(byte[])) return UnmanagedArrayCodec<byte>.Instance;
        if (type == typeof(int[])) return UnmanagedArrayCodec<int>.Instance;
        if (type == typeof(double[])) return UnmanagedArrayCodec<double>.Instance;
        if (type == typeof(long[])) return UnmanagedArrayCodec<long>.Instance;
        if (type == typeof(float[])) return UnmanagedArrayCodec<float>.Instance;
        return FindRarerArray(type);
    }

    private static object? FindRarerArray(Type type)
    {
        if (type == typeof(bool[])) return UnmanagedArrayCodec<bool>.Instance;
        if (type == typeof(sbyte[])) return UnmanagedArrayCodec<sbyte>.Instance;
        if (type == typeof(char[])) return UnmanagedArrayCodec<char>.Instance;
        if (type == typeof(short[])) return UnmanagedArrayCodec<short>.Instance;
        if (type == typeof(ushort[])) return UnmanagedArrayCodec<ushort>.Instance;
        if (type == typeof(uint[])) return UnmanagedArrayCodec<uint>.Instance;
        if (type == typeof(ulong[])) return UnmanagedArrayCodec<ulong>.Instance;
        if (type == typeof(nint[])) return UnmanagedArrayCodec<nint>.Instance;
        if (type == typeof(nuint[])) return UnmanagedArrayCodec<nuint>.Instance;
        if (type == typeof(Int128[])) return UnmanagedArrayCodec<Int128>.Instance;
        if (type == typeof(UInt128[])) return UnmanagedArrayCodec<UInt128>.Instance;
        if (type == typeof(Half[])) return UnmanagedArrayCodec<Half>.Instance;
        if (type == typeof(decimal[])) return UnmanagedArrayCodec<decimal>.Instance;
        if (type == typeof(Guid[])) return UnmanagedArrayCodec<Guid>.Instance;
        if (type == typeof(DateTime[])) return UnmanagedArrayCodec<DateTime>.Instance;
        if (type == typeof(DateTimeOffset[])) return UnmanagedArrayCodec<DateTimeOffset>.Instance;
        if (type == typeof(DateOnly[])) return UnmanagedArrayCodec<DateOnly>.Instance;
        if (type == typeof(TimeOnly[])) return UnmanagedArrayCodec<TimeOnly>.Instance;
        if (type == typeof(TimeSpan[])) return UnmanagedArrayCodec<TimeSpan>.Instance;
        if (type == typeof(Rune[])) return UnmanagedArrayCodec<Rune>.Instance;
        if (type == typeof(Index[])) return UnmanagedArrayCodec<Index>.Instance;
        if (type == typeof(Range[])) return UnmanagedArrayCodec<Range>.Instance;
        if (type == typeof(Complex[])) return UnmanagedArrayCodec<Complex>.Instance;
        if (type == typeof(BigInteger[])) return new ArrayCodec<BigInteger>(BigIntegerCodec.Instance);
        if (type == typeof(Uri[])) return new ArrayCodec<Uri>(TextCodecs.Uri);
        if (type == typeof(Version[])) return new ArrayCodec<Version>(VersionCodec.Instance);
        return null;
    }
}
