using System.Buffers.Binary;
using Procgen.Calls;
using Procgen.Shared;

namespace Procgen.Launching;

/// <summary>
/// What follows a <see cref="BatchHeader"/>: where the items begin and where each one ends, as int32, unless there is only
/// one, and then their arguments, or, where the header says so, what part of the pool's shared memory they are in.
/// </summary>
internal readonly ref struct BatchItems
{
    private readonly ReadOnlySpan<byte> _ends;
    private readonly ReadOnlySpan<byte> _arguments;
    private readonly int _start;

    /// <param name="header">What the batch says of itself.</param>
    /// <param name="body">What follows.</param>
    /// <param name="shared">The pool's shared memory, where it has announced some.</param>
    public BatchItems(in BatchHeader header, ReadOnlySpan<byte> body, SegmentViews? shared)
    {
        int count = header.Count;
        if (count > 1)
        {
            _start = BinaryPrimitives.ReadInt32LittleEndian(body);
            _ends = body.Slice(sizeof(int), count * sizeof(int));
            body = body[((count + 1) * sizeof(int))..];
        }

        if (header.IsShared) body = (shared ?? throw new InvalidDataException("Shared memory was used that had not been announced.")).Read(SegmentRange.Read(body));
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
