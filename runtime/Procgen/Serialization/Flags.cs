using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>
/// The bools in values that are read as their memory. Every other byte of 0 to 255 is some value of its type, but code is
/// compiled for bools of 0 and 1: one of 2 is neither true nor false, equals neither, and indexes what has two elements
/// out of bounds.
/// </summary>
internal static class Flags
{
    /// <summary>Those of a bool itself, and of an optional value around anything without any.</summary>
    public static readonly int[] First = [0];

    /// <summary>Where the bools are in values of <paramref name="codec"/>; none where they are not their memory.</summary>
    public static int[] Of<T>(Codec<T> codec) => codec is IMemoryCodec { IsMemory: true } memory ? memory.Flags : [];

    /// <summary>Those of two parts of a value, the second of which begins at an offset.</summary>
    public static int[] Join(int[] first, int[] second, int offset)
    {
        if (second.Length == 0) return first;
        int[] joined = new int[first.Length + second.Length];
        first.CopyTo(joined, 0);
        for (int i = 0; i < second.Length; i++) joined[first.Length + i] = second[i] + offset;
        return joined;
    }

    /// <summary>Refuses values in which a bool is neither 0 nor 1.</summary>
    /// <param name="memory">The memory of one value after the other, already copied: payloads may lie where another process writes.</param>
    /// <param name="size">Of each of them.</param>
    /// <param name="flags">Where in each of them its bools are.</param>
    public static void Check(ReadOnlySpan<byte> memory, int size, ReadOnlySpan<int> flags)
    {
        if (size == 1)
        {
            int at = memory.IndexOfAnyExceptInRange((byte)0, (byte)1);
            if (at >= 0) PayloadErrors.Flag(memory[at]);
            return;
        }

        // All at once, as none is expected: only the bits above the lowest tell.
        ref byte start = ref MemoryMarshal.GetReference(memory);
        foreach (int flag in flags)
        {
            int seen = 0;
            for (nint at = flag; at < memory.Length; at += size) seen |= Unsafe.Add(ref start, at);
            if (seen > 1) PayloadErrors.Flag(seen);
        }
    }
}
