using System.Diagnostics;

namespace Procgen.Launching;

/// <summary>
/// Booted workers that wait to be taken. A thread of its own fills the reserve up to what the demand has shown to be
/// wanted: twice as many whenever one was asked for and none was there, half as many whenever nobody has asked for a while.
/// It fills up between the bursts, and where a burst has left none a moment after the last was taken: to boot takes a whole
/// core for longer than all of a short call.
/// </summary>
internal static class WorkerReserve
{
    private const int FirstWanted = 2;

    /// <summary>A burst is over when nobody has asked for so long; and for at most <see cref="MaxBurst"/> it is waited for.</summary>
    private static readonly TimeSpan BurstGap = TimeSpan.FromMilliseconds(25);

    /// <summary>Whoever has taken the last one has the processors to itself for as long as an empty call takes.</summary>
    private static readonly TimeSpan EmptyGap = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan MaxBurst = TimeSpan.FromMilliseconds(200);
    private static readonly object Gate = new();
    private static readonly List<StandbyWorker> Ready = [];
    private static TimeSpan _idleTime = TimeSpan.FromSeconds(15);
    private static int _limit = Math.Max(8, Environment.ProcessorCount);
    private static int _wanted;
    private static long _lastAsked;
    private static long _emptySince;
    private static bool _isKept;
    private static bool _isFull;

    /// <summary>The most that may wait.</summary>
    public static int Limit
    {
        get => _limit;
        set
        {
            lock (Gate)
            {
                _limit = value;
                _wanted = Math.Min(_wanted, value);
                Monitor.PulseAll(Gate);
            }
        }
    }

    /// <summary>How long nobody may have asked before half of them leave.</summary>
    public static TimeSpan IdleTime
    {
        get => _idleTime;
        set
        {
            lock (Gate)
            {
                _idleTime = value;
                Monitor.PulseAll(Gate);
            }
        }
    }

    /// <summary>How many wait now.</summary>
    public static int Count
    {
        get
        {
            lock (Gate) return Ready.Count;
        }
    }

    /// <summary>Takes one that can have this environment and folder; null where none is there.</summary>
    public static StandbyWorker? TryTake(ICollection<KeyValuePair<string, string?>> environment, string? directory)
    {
        if (directory is not null && !Directory.Exists(directory)) throw new DirectoryNotFoundException($"There is no directory '{directory}' to start a process in.");
        bool isMore = true; // Than there are: not where those that there were have only been dismissed.
        while (Next(isMore) is StandbyWorker worker)
        {
            bool isAlive = worker.Process.IsAlive;
            try
            {
                if (isAlive && worker.TryPrepare(environment, directory)) return worker;
            }
            catch
            {
                GiveBack(worker);
                throw;
            }

            if (isAlive && !worker.IsOutdated())
            {
                GiveBack(worker);
                return null;
            }

            worker.Dismiss();
            isMore = false;
        }

        return null;
    }

    /// <summary>It may do for the next one.</summary>
    private static void GiveBack(StandbyWorker worker)
    {
        lock (Gate) Ready.Add(worker);
        if (!worker.Process.IsAlive) Lose(worker); // Nobody may have looked for it here when it ended.
    }

    /// <summary>It has ended. Its place is filled when somebody asks: what ends by itself might do so over and over.</summary>
    private static void Lose(StandbyWorker worker)
    {
        bool waited;
        lock (Gate) waited = Ready.Remove(worker);
        if (waited) worker.Dismiss();
    }

    private static StandbyWorker? Next(bool isMore)
    {
        lock (Gate)
        {
            _lastAsked = Stopwatch.GetTimestamp();
            StandbyWorker? worker = null;
            if (Ready.Count > 0)
            {
                worker = Ready[^1];
                Ready.RemoveAt(Ready.Count - 1);
                if (Ready.Count == 0) _emptySince = _lastAsked;
            }
            else if (isMore)
            {
                _wanted = Math.Min(Math.Max(FirstWanted, _wanted * 2), _limit);
            }

            if (!_isKept && _wanted > 0)
            {
                _isKept = true;
                new Thread(Keep, 256 * 1024) { IsBackground = true, Name = "procgen reserve" }.UnsafeStart();
            }

            // It wakes by itself when the burst is over: each time before, it would take a core from what the burst starts.
            if (_isFull || Ready.Count == 0) Monitor.PulseAll(Gate);
            return worker;
        }
    }

    private static void Keep()
    {
        while (true)
        {
            WaitUntilWanted();
            StandbyWorker? worker = null;
            try
            {
                worker = StandbyWorker.Boot();
            }
            catch (Exception error) when (error is IOException or InvalidOperationException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
            {
                // What is wrong will show, with its error, when a process is spawned because the reserve is empty.
            }

            lock (Gate)
            {
                if (worker is null)
                {
                    _wanted = Ready.Count; // No more than there are, for a while.
                    continue;
                }

                Ready.Add(worker);
            }

            worker.Process.OnEnd(() => Lose(worker));
        }
    }

    private static void WaitUntilWanted()
    {
        lock (Gate)
        {
            long? burst = null;
            while (true)
            {
                while (Ready.Count > _wanted)
                {
                    Ready[0].Dismiss();
                    Ready.RemoveAt(0);
                }

                if (Ready.Count == _wanted)
                {
                    burst = null;
                    _isFull = true;
                    if (!Monitor.Wait(Gate, _idleTime)) _wanted /= 2;
                    _isFull = false;
                    continue;
                }

                burst ??= Stopwatch.GetTimestamp();
                TimeSpan gap = Ready.Count == 0
                    ? EmptyGap - Stopwatch.GetElapsedTime(_emptySince)
                    : BurstGap - Stopwatch.GetElapsedTime(_lastAsked);
                if (gap <= TimeSpan.Zero || Stopwatch.GetElapsedTime(burst.Value) > MaxBurst) return;
                Monitor.Wait(Gate, (int)Math.Ceiling(gap.TotalMilliseconds)); // Of a rest it would make a loop.
            }
        }
    }
}
