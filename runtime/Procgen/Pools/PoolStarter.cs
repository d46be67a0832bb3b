using Procgen.Calls;
using Procgen.Launching;

namespace Procgen.Pools;

/// <summary>Starts a pool's workers on a thread of its own, a few booting at a time, and waits longer and longer while that fails.</summary>
/// <remarks>Members are called under the pool's lock unless they say otherwise.</remarks>
internal sealed class PoolStarter
{
    private const int MaxFailures = 3;
    private static readonly int MaxBooting = Math.Max(4, 2 * Environment.ProcessorCount);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly PoolCore _core;
    private readonly CallbackThread _thread;
    private int _failures;
    private int _failedStarts;
    private int _wave;
    private bool _isPausing;

    public PoolStarter(PoolCore core)
    {
        _core = core;
        _thread = new CallbackThread($"Procgen pool {core.Settings.Name}");
    }

    /// <summary>How many processes are under way that are no members yet.</summary>
    public int Starting { get; private set; }

    /// <summary>Whether a worker that was asked for is one too many: the pool ends, or has become smaller since.</summary>
    private bool IsUnwanted => _core.Life.IsWindingDown || _core.Staff.IsFull;

    /// <summary>Starts workers, unless it pauses: then they are asked for again after that.</summary>
    public void Start(int missing)
    {
        if (_core.Life.IsWindingDown || _isPausing) return;
        int booting = _core.CountMembers(static member => member.State == MemberState.Booting);
        while (missing-- > 0 && booting + Starting < MaxBooting)
        {
            Starting++;
            _thread.Post(StartOne);
        }
    }

    /// <summary>What killed workers before was no constant trouble.</summary>
    public void HasWorked() => _failures = 0;

    /// <summary>Who is started from now on belongs to another wave, unless somebody of this one has said so before.</summary>
    /// <param name="wave">The wave of who has died.</param>
    public bool TryEndWave(int wave)
    {
        if (wave != _wave) return false;
        _wave++;
        return true;
    }

    /// <summary>Starts nobody for a while. Those who die meanwhile were started before: they make it no longer.</summary>
    public void Pause()
    {
        if (_isPausing) return;
        _isPausing = true;
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(_failures++, 10));
        Deadlines.Schedule(pause < LongestPause ? pause : LongestPause, () =>
        {
            lock (_core.Gate)
            {
                _isPausing = false;
                _core.Staff.Recruit();
            }
        });
    }

    /// <summary>Runs something on the starter's thread, which is quick and does not throw.</summary>
    public void Post(Action action) => _thread.Post(action);

    /// <summary>Nobody is started any more.</summary>
    public void Dismiss() => _thread.Finish(static () => { });

    /// <summary>On the starter's thread: a process takes a millisecond to start.</summary>
    private void StartOne()
    {
        int index;
        int wave;
        lock (_core.Gate)
        {
            if (IsUnwanted || _isPausing)
            {
                Starting--;
                _core.Staff.Recruit(); // A used-up worker may have waited for this one; after a pause it is asked for again.
                _core.Life.EndIfEmpty();
                return;
            }

            index = FreePlace();
            wave = _wave;
        }

        PoolMember? started = null;
        Exception? problem = null;
        CallBoard? board = null;
        try
        {
            board = CallBoard.Create();
            started = new PoolMember(_core, index, Introduce(index, board), _core.Settings.Worker, board);
        }
        catch (Exception error)
        {
            problem = error;
            board?.Block.Release();
        }

        bool isHopeless = false;
        lock (_core.Gate)
        {
            Starting--;
            if (started is null)
            {
                isHopeless = ++_failedStarts >= MaxFailures;
                if (!isHopeless) Pause();
            }
            else
            {
                _failedStarts = 0;
                bool isUnwanted = IsUnwanted;
                started.State = MemberState.Booting;
                started.Wave = wave;
                _core.Members.Add(started);
                if (isUnwanted) _core.Staff.Retire(started);
            }
        }

        started?.Begin();
        if (isHopeless) _core.Life.Terminate(problem);
        lock (_core.Gate) _core.Life.EndIfEmpty();
    }

    private int FreePlace()
    {
        int place = 0;
        while (_core.Members.Exists(member => member.Index == place && member.State < MemberState.Spent)) place++;
        return place;
    }

    private WorkerStart Introduce(int index, CallBoard board)
    {
        string identity = FamilyMember.Current.NextChildIdentity();
        return new WorkerStart
        {
            Name = $"{_core.Settings.Name}-Worker-{index + 1}",
            Identity = identity,
            IsDaemon = _core.Settings.IsDaemon,
            Index = index,
            AuthKey = CurrentProcess.AuthKey.ToArray(),
            ParentName = CurrentProcess.Name,
            ParentId = Environment.ProcessId,
            MaxStackSize = _core.Settings.Worker.MaxStackSize,
            Board = board.Block,
        };
    }
}
