using System.Buffers.Binary;

namespace Procgen.Launching;

/// <summary>What became of an item, as the worker says.</summary>
internal enum ItemStatus
{
    /// <summary>The payload is the result; empty where there is none.</summary>
    Returned,

    /// <summary>The payload is the error that the target threw.</summary>
    Threw,

    /// <summary>No item: the rest of the batch had been taken back, and the worker is past it.</summary>
    BatchLeft,
}

/// <summary>
/// One result in the ring or in a frame: length of the payload, batch, index and status, payload, padding to four bytes.
/// A length of −1 sends the reader to the ring's beginning.
/// </summary>
/// <param name="Length">How long the payload is.</param>
/// <param name="Batch">The item's batch.</param>
/// <param name="Index">Its place there.</param>
/// <param name="Status">What became of it.</param>
/// <param name="IsShared">Whether the payload says where in shared memory the real one is.</param>
internal readonly record struct ResultRecord(int Length, uint Batch, int Index, ItemStatus Status, bool IsShared = false)
{
    public const int HeaderLength = 12;
    public const int Skip = -1;
    private const int Shared = 4;

    public static int SizeOf(int payloadLength) => (HeaderLength + payloadLength + 3) & ~3;

    public static ResultRecord Read(ReadOnlySpan<byte> source)
    {
        int word = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        return new ResultRecord(
            BinaryPrimitives.ReadInt32LittleEndian(source), BinaryPrimitives.ReadUInt32LittleEndian(source[4..]), word >> 3, (ItemStatus)(word & 3), (word & Shared) != 0);
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Batch);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], (Index << 3) | (IsShared ? Shared : 0) | (int)Status);
    }
}
