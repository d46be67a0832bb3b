using Procgen.Calls;

namespace Procgen.Managers;

/// <summary>
/// What a server owes to those who do not wait for ever. Where it has not answered for <see cref="AnswerTime"/>, and nobody
/// wants to wait any longer, it is stopped, or hangs, and is given up: whether its answer does not come, or it does not take in
/// what it is sent, or does not accept a connection.
/// </summary>
/// <param name="giveUp">Gives the server up; runs on the thread of all deadlines.</param>
/// <remarks>
/// Thread-safe. It looks ten times in that time while there is something to look at: a call costs no timer. It counts how often it looked, not
/// the clock, which also goes on while this process itself is stopped, or the machine asleep: that is no time the server had.
/// </remarks>
internal sealed class AnswerWatch(Action giveUp)
{
    /// <summary>What a server may take for what it does at once.</summary>
    public static TimeSpan AnswerTime { get; set; } = TimeSpan.FromSeconds(10);

    private static TimeSpan LookTime => AnswerTime / 10;

    private readonly HashSet<Watched> _watched = [];
    private bool _isLooking;

    /// <summary>From now on the server owes an answer, until what this returns is disposed.</summary>
    /// <returns>Null for who waits for ever.</returns>
    public Watched? Begin(Patience patience)
    {
        if (patience.IsEndless) return null;
        var begun = new Watched(this, patience);
        lock (_watched)
        {
            _watched.Add(begun);
            if (!_isLooking) Deadlines.Schedule(LookTime, Look);
            _isLooking = true;
        }

        return begun;
    }

    private void Look()
    {
        lock (_watched)
        {
            bool isOver = false;
            foreach (Watched watched in _watched) isOver |= watched.IsOverNow();
            if (isOver) _watched.Clear();
            _isLooking = _watched.Count > 0;
            if (_isLooking) Deadlines.Schedule(LookTime, Look);
            if (!isOver) return;
        }

        giveUp();
    }

    private void End(Watched watched)
    {
        lock (_watched) _watched.Remove(watched);
    }

    /// <summary>One answer that the server owes.</summary>
    public sealed class Watched(AnswerWatch watch, Patience patience) : IDisposable
    {
        private int _looks;

        /// <summary>To be asked at each look.</summary>
        public bool IsOverNow() => Interlocked.Increment(ref _looks) * LookTime > AnswerTime && patience.HasRunOut;

        /// <summary>The server has said that it is there: its time begins anew.</summary>
        public void Hear() => Volatile.Write(ref _looks, 0);

        /// <summary>The answer is there, or is not waited for any more.</summary>
        public void Dispose() => watch.End(this);
    }
}
