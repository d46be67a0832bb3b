using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Procgen.Launching;

/// <summary>
/// Walks over the results in one stretch of the ring, on the pool's side. What stands there was written by another process
/// and may change while it is read, so that every length is read once and checked.
/// </summary>
/// <param name="bytes">The stretch.</param>
internal ref struct ResultCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next result begins.</summary>
    public int Offset { get; private set; }

    /// <summary>Where <see cref="TryTakeReturned"/> pauses, so that the worker gets room for more meanwhile.</summary>
    public int PauseAt { get; set; } = int.MaxValue;

    /// <summary>Bytes of results that <see cref="TryTakeReturned"/> has returned.</summary>
    public long PayloadBytes { get; private set; }

    public readonly bool IsAtEnd => Offset >= _bytes.Length;

    /// <summary>Reads the next header; its length is <see cref="ResultRecord.Skip"/> where the ring goes on at its beginning.</summary>
    /// <returns>False where that cannot be one.</returns>
    public readonly bool TryPeek(out ResultRecord record)
    {
        ReadOnlySpan<byte> rest = _bytes[Offset..];
        record = new ResultRecord(ResultRecord.Skip, 0, 0, default);
        if (rest.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(rest) == ResultRecord.Skip) return true;
        if (rest.Length < ResultRecord.HeaderLength) return false;
        record = ResultRecord.Read(rest);
        return Fits(record.Length);
    }

    /// <summary>Takes what <see cref="TryPeek"/> has shown.</summary>
    public ReadOnlySpan<byte> Take(in ResultRecord record)
    {
        ReadOnlySpan<byte> payload = _bytes.Slice(Offset + ResultRecord.HeaderLength, record.Length);
        Offset += ResultRecord.SizeOf(record.Length);
        return payload;
    }

    /// <summary>Takes the next result, where it is a value of that batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeReturned(uint batch, out int index, out ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> rest = _bytes[Offset..];
        index = 0;
        payload = default;
        if (rest.Length < ResultRecord.HeaderLength || Offset >= PauseAt) return false;
        ResultRecord record = ResultRecord.Read(rest);
        if (record.Batch != batch || record.Status != ItemStatus.Returned || record.IsShared || !Fits(record.Length)) return false;
        index = record.Index;
        payload = rest.Slice(ResultRecord.HeaderLength, record.Length);
        Offset += ResultRecord.SizeOf(record.Length);
        PayloadBytes += record.Length;
        return true;
    }

    private readonly bool Fits(int length) => (uint)length <= (uint)(_bytes.Length - Offset) && ResultRecord.SizeOf(length) <= _bytes.Length - Offset;
}
