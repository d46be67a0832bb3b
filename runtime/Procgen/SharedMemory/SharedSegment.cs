namespace Procgen.Shared;

/// <summary>
/// Room for one large payload in a <see cref="SegmentHeap"/>. A word at its beginning says whether it is in use: the
/// process that owns the heap sets it, whoever is done with the payload clears it.
/// </summary>
internal sealed class SharedSegment(SharedView view)
{
    /// <summary>What comes before the payload: a cache line.</summary>
    public const int HeaderLength = 64;

    /// <summary>How long a payload may be.</summary>
    public int Capacity { get; } = (int)Math.Min(view.Length - HeaderLength, Array.MaxLength);

    /// <summary>Whether its memory may be more than address space.</summary>
    public bool IsTouched { get; private set; }

    public bool IsFree => Volatile.Read(ref Used) == 0;

    public Span<byte> Bytes => view.GetSpan(HeaderLength, Capacity);

    private ref int Used => ref view.At<int>(0);

    /// <summary>Where a part of the payload lies.</summary>
    public SegmentRange RangeOf(int start, int length) => new(view.Offset, view.Length, HeaderLength + start, length);

    public void Take()
    {
        IsTouched = true;
        Volatile.Write(ref Used, 1);
    }

    /// <summary>Nobody needs the payload any more.</summary>
    public void Release() => Volatile.Write(ref Used, 0);

    /// <summary>Gives the memory of a free segment back to the system; it stays usable.</summary>
    public void Discard()
    {
        IsTouched = false;
        view.Block.Discard(view.Offset, view.Length);
    }

    public void Close() => view.Dispose();
}
