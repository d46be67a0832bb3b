using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Procgen.Serialization;

/// <summary>
/// Short ASCII text, as most keys and names are: transcoded in place, a few characters a step, where the framework's
/// transcoders take longer to be called than to do it.
/// </summary>
internal static class ShortText
{
    /// <summary>The longest text that this is for: the framework's are no slower beyond it.</summary>
    public const int Longest = 64;

    private const ulong NotAscii = 0xFF80_FF80_FF80_FF80;

    /// <summary>Writes a byte for each character, as many as there are.</summary>
    /// <returns>False where there are others than ASCII; what has been written then counts for nothing.</returns>
    public static bool TryNarrow(ReadOnlySpan<char> text, ref byte target)
    {
        ref ushort source = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        int length = text.Length;
        if (length >= Vector128<ushort>.Count)
        {
            // The last eight overlap those before them.
            int last = length - Vector128<ushort>.Count;
            for (int i = 0; ; i = Math.Min(i + Vector128<ushort>.Count, last))
            {
                Vector128<ushort> characters = Vector128.LoadUnsafe(ref source, (nuint)i);
                if ((characters.AsUInt64() & Vector128.Create(NotAscii)) != Vector128<ulong>.Zero) return false;
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), Vector128.Narrow(characters, characters).AsUInt64().ToScalar());
                if (i == last) return true;
            }
        }

        if (length >= 4)
        {
            ulong first = FourAt(ref source, 0);
            ulong last = FourAt(ref source, length - 4);
            if (((first | last) & NotAscii) != 0) return false;
            Unsafe.WriteUnaligned(ref target, Narrow(first));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, length - 4), Narrow(last));
            return true;
        }

        for (int i = 0; i < length; i++)
        {
            ushort character = Unsafe.Add(ref source, i);
            if (character > 0x7F) return false;
            Unsafe.Add(ref target, i) = (byte)character;
        }

        return true;
    }

    /// <summary>Makes a character of each byte.</summary>
    /// <returns>False where there are others than ASCII.</returns>
    public static bool TryWiden(ReadOnlySpan<byte> ascii, Span<char> text)
    {
        ref byte source = ref MemoryMarshal.GetReference(ascii);
        ref ushort target = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        int length = Math.Min(ascii.Length, text.Length);
        if (length >= sizeof(ulong))
        {
            int last = length - sizeof(ulong);
            for (int i = 0; ; i = Math.Min(i + sizeof(ulong), last))
            {
                ulong bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, i));
                if ((bytes & 0x8080_8080_8080_8080) != 0) return false;
                StoreFour(ref target, i, Widen((uint)bytes));
                StoreFour(ref target, i + 4, Widen((uint)(bytes >> 32)));
                if (i == last) return true;
            }
        }

        if (length >= sizeof(uint))
        {
            uint first = Unsafe.ReadUnaligned<uint>(ref source);
            uint last = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, length - sizeof(uint)));
            if (((first | last) & 0x8080_8080) != 0) return false;
            StoreFour(ref target, 0, Widen(first));
            StoreFour(ref target, length - sizeof(uint), Widen(last));
            return true;
        }

        for (int i = 0; i < length; i++)
        {
            byte character = Unsafe.Add(ref source, i);
            if (character > 0x7F) return false;
            Unsafe.Add(ref target, i) = character;
        }

        return true;
    }

    // Inlined whatever the profile says: where most text is longer, the compiler takes these for not worth it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FourAt(ref ushort source, int index) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref source, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Narrow(ulong four)
    {
        Vector128<ushort> characters = Vector128.CreateScalarUnsafe(four).AsUInt16();
        return Vector128.Narrow(characters, characters).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour(ref ushort target, int index, ulong four) =>
        Unsafe.WriteUnaligned(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref target, index)), four);

    // Without vectors, whose types are in an assembly that a worker would else load before its first call.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Widen(uint four)
    {
        ulong pairs = (four | ((ulong)four << 16)) & 0x0000_FFFF_0000_FFFF;
        return (pairs | (pairs << 8)) & 0x00FF_00FF_00FF_00FF;
    }
}
