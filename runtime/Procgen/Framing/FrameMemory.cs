using System.Buffers;

namespace Procgen.Framing;

/// <summary>Memory for frames: large pieces are rented. Small ones are made, as the shared pool's own start would cost a worker more than they do.</summary>
internal static class FrameMemory
{
    private const int LargestMade = 16 * 1024;

    /// <summary>At least <paramref name="length"/> bytes of whatever content.</summary>
    public static byte[] Rent(int length) => length <= LargestMade ? GC.AllocateUninitializedArray<byte>(length) : ArrayPool<byte>.Shared.Rent(length);

    /// <summary>Gives back what <see cref="Rent"/> returned; its user must not touch it any more.</summary>
    public static void Return(byte[] bytes)
    {
        if (bytes.Length > LargestMade) ArrayPool<byte>.Shared.Return(bytes);
    }
}
