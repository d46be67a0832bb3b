using System.Buffers.Binary;

namespace Procgen.Calls;

/// <summary>
/// What follows a <see cref="BatchHeader"/>: where the items begin and where each one ends, as int32, unless there is only
/// one, and then their arguments.
/// </summary>
internal readonly ref struct BatchItems
{
    private readonly ReadOnlySpan<byte> _ends;
    private readonly ReadOnlySpan<byte> _arguments;
    private readonly int _start;

    public BatchItems(int count, ReadOnlySpan<byte> body)
    {
        if (count > 1)
        {
            _start = BinaryPrimitives.ReadInt32LittleEndian(body);
            _ends = body.Slice(sizeof(int), count * sizeof(int));
            body = body[((count + 1) * sizeof(int))..];
        }

        _arguments = body;
    }

    /// <summary>The arguments of an item.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if (_ends.IsEmpty) return _arguments;
            int start = index == 0 ? 0 : EndOf(index - 1);
            return _arguments[start..EndOf(index)];
        }
    }

    private int EndOf(int index) => BinaryPrimitives.ReadInt32LittleEndian(_ends[(index * sizeof(int))..]) - _start;
}
