using System.Globalization;
using NUnit.Framework;
using Procgen.Tests.SharedMemory;

namespace Procgen.Tests.Queues;

/// <summary>
/// Six processes use one thing while one after another is killed at a random instant and replaced. The next kill comes when
/// the replacement works.
/// </summary>
internal sealed class Torture : IDisposable
{
    private const int Crew = 6;
    private const int MaxSpareReplacements = 8;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"procgen-torture-{Guid.NewGuid():N}");
    private readonly List<(int Number, ChildProcess Process)> _running = [];
    private readonly HashSet<int> _killed = [];
    private readonly ProcessQueue<int> _ready = new();
    private readonly Random _random;
    private readonly Func<TortureJob, ProcessCall> _work;
    private readonly int _kills;
    private int _started;
    private Footprint _halfway;

    /// <param name="work">The call that one process runs.</param>
    /// <param name="kills">How many are killed; by default <see cref="Kills"/>.</param>
    public Torture(Func<TortureJob, ProcessCall> work, int? kills = null)
    {
        _kills = kills ?? Kills;
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"seed {seed}");
        _random = new Random(seed);
        _work = work;
        Ledger = TortureLedger.Create(_path, _kills + Crew + MaxSpareReplacements);
    }

    /// <summary>200, or what PROCGEN_TORTURE_KILLS says: 2,000 for the long run.</summary>
    public static int Kills { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("PROCGEN_TORTURE_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills : 200;

    public TortureLedger Ledger { get; }

    /// <summary>Kills and replaces.</summary>
    /// <param name="halfway">Called after half of the kills.</param>
    public void Run(Action? halfway = null)
    {
        for (int i = 0; i < Crew; i++) StartOne();
        for (int i = 0; i < Crew; i++) AwaitReady();
        for (int kill = 0; kill < _kills; kill++)
        {
            if (kill == _kills / 2)
            {
                halfway?.Invoke();
                _halfway = Footprint.Take();
            }

            StartOne();
            AwaitReady();
            Thread.SpinWait(_random.Next(20_000));
            (int number, ChildProcess victim) = _running[_random.Next(Crew)];
            victim.Kill();
            _killed.Add(number);
            _running.Remove((number, victim));
            victim.Join();
            victim.Dispose();
        }

        Ledger.IsOver = true;
    }

    /// <summary>Waits until those that are left have ended by themselves.</summary>
    public void JoinCrew()
    {
        foreach ((int number, ChildProcess process) in _running)
        {
            if (!process.Join(TimeSpan.FromMinutes(1))) Assert.Fail($"Process {number} hangs.");
            process.Completion.Wait();
        }
    }

    /// <summary>Compares what was put with what was taken, and what this process takes of the machine with what it took halfway.</summary>
    public void AssertNoFaults()
    {
        TestContext.Out.WriteLine($"{Ledger}; {_killed.Count} killed");
        Assert.That(Ledger.FindFaults(_killed), Is.Empty);
        Footprint.AssertNotGrownSince(_halfway);
    }

    public void Dispose()
    {
        _running.ForEach(one => one.Process.Dispose());
        _ready.Dispose();
        Ledger.Dispose();
        File.Delete(_path);
    }

    private void StartOne()
    {
        int number = _started++;
        _running.Add((number, ChildProcess.Start(_work(new TortureJob(_path, Ledger.Processes, number, _ready)))));
    }

    private void AwaitReady()
    {
        if (!_ready.TryTake(out _, TimeSpan.FromMinutes(1))) Assert.Fail("The processes hang.");
    }
}

/// <summary>What one process of a torture test is told.</summary>
public sealed class TortureJob(string path, int processes, int number, ProcessQueue<int> ready)
{
    public string Path => path;

    public int Processes => processes;

    public int Number => number;

    public ProcessQueue<int> Ready => ready;
}
