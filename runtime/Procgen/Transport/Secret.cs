using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using Procgen.Interop;

namespace Procgen.Transport;

/// <summary>128 unguessable bits. Two words, as no code with the runtime's own 128-bit integers can be compiled ahead of time.</summary>
internal readonly record struct Secret(ulong High, ulong Low)
{
    public const int Length = 16;
    private const int HexLength = 32;

    public static Secret Next()
    {
        Span<byte> bits = stackalloc byte[Length];
        RandomBits.Fill(bits);
        return Read(bits);
    }

    public static Secret Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(source[8..]), BinaryPrimitives.ReadUInt64LittleEndian(source));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], High);
    }

    /// <summary>Takes as long for a first wrong bit as for a last one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public bool IsShownBy(Secret other) => ((High ^ other.High) | (Low ^ other.Low)) == 0;

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() =>
        High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);

    // Written out: a general parser would cost a worker's start more.
    public static bool TryParse(ReadOnlySpan<char> text, out Secret value)
    {
        ulong high = 0, low = 0;
        value = default;
        if (text.Length != HexLength) return false;
        foreach (char c in text)
        {
            int digit = c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) return false;
            high = (high << 4) | (low >> 60);
            low = (low << 4) | (uint)digit;
        }

        value = new Secret(high, low);
        return true;
    }
}
