namespace Procgen.Pools;

/// <summary>The pool's own calls that a worker has yet to run, in order: they wait here while its board is full. Under the pool's lock.</summary>
internal sealed class MemberChores
{
    private readonly Queue<WorkRange> _waiting = new();

    /// <summary>How many have not ended, sent or not.</summary>
    public int Count { get; private set; }

    /// <param name="chore">What to run.</param>
    /// <param name="ended">Called once, on a link thread, with what went wrong.</param>
    public void Add(Chore chore, Action<Exception?> ended)
    {
        Count++;
        _waiting.Enqueue(WorkRange.All(new InternalWork(chore, ended)));
    }

    /// <summary>The next to be sent.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WorkRange? range) => _waiting.TryDequeue(out range);

    /// <summary>One that was sent has ended.</summary>
    public void Leave() => Count--;
}
