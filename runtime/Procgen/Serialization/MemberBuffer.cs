using System.Buffers;

namespace Procgen.Serialization;

/// <summary>The members of one object, collected because their byte lengths stand in front of them.</summary>
internal sealed class MemberBuffer : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _ended;

    public List<int> Lengths { get; } = [];

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void EndMember()
    {
        Lengths.Add(_bytes.WrittenCount - _ended);
        _ended = _bytes.WrittenCount;
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        Lengths.Clear();
        _ended = 0;
    }

    public void Advance(int count) => _bytes.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);
}
