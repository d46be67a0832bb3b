using Procgen.Launching;

namespace Procgen.Pools;

/// <summary>The batches that are with a worker, by their numbers: as many as its board has words for.</summary>
internal sealed class MemberBatches
{
    private readonly Assignment?[] _assignments = new Assignment?[CallBoard.MaxBatches];

    // The first that may not have been finished.
    private uint _oldest;

    /// <summary>The next one's number. Under the lock.</summary>
    public uint Next { get; private set; }

    /// <summary>Whether there is a word on the board for another. Under the lock.</summary>
    public bool HasPlace => Next - _oldest < CallBoard.MaxBatches;

    /// <summary>All of them, in order. Under the lock.</summary>
    public IEnumerable<Assignment> All
    {
        get
        {
            for (uint batch = _oldest; batch != Next; batch++)
            {
                if (Find(batch) is { } assignment) yield return assignment;
            }
        }
    }

    /// <summary>Null where the worker does not have it any more. Any thread.</summary>
    public Assignment? Find(uint batch) =>
        Volatile.Read(ref _assignments[batch % CallBoard.MaxBatches]) is { } assignment && assignment.Batch == batch ? assignment : null;

    /// <summary>Adds the <see cref="Next"/> one, for which there is a place. Under the lock.</summary>
    public void Add(Assignment assignment)
    {
        Volatile.Write(ref _assignments[Next % CallBoard.MaxBatches], assignment);
        Next++;
    }

    /// <summary>It is finished. Under the lock.</summary>
    public void Remove(Assignment assignment)
    {
        Volatile.Write(ref _assignments[assignment.Batch % CallBoard.MaxBatches], null);
        while (_oldest != Next && Find(_oldest) is null) _oldest++;
    }

    /// <summary>Under the lock.</summary>
    public void Clear()
    {
        Array.Clear(_assignments);
        _oldest = Next;
    }
}
