using Procgen.Launching;
using Procgen.Tests.Launching;

namespace Procgen.Tests.Processes;

/// <summary>An exception of the tests' own, named in <c>Throws</c>.</summary>
public sealed class OutOfPaintException(string message) : Exception(message);

public sealed class SpilledPaintException : Exception
{
    public SpilledPaintException(string message)
        : base(message)
    {
    }

    public SpilledPaintException(string message, Exception inner)
        : base(message, inner ?? throw new ArgumentNullException(nameof(inner)))
    {
    }
}

public sealed class PaintJobException(string message, Exception? cause) : Exception(message, cause);

/// <summary>One of the tests' own, named nowhere.</summary>
public sealed class UndeclaredException(string message) : Exception(message);

/// <summary>What the tests run in child processes.</summary>
internal static class Jobs
{
    [ProcessTarget]
    public static int Square(int x) => x * x;

    [ProcessTarget]
    public static double Pow(double x, double y = 2) => Math.Pow(x, y);

    [ProcessTarget]
    public static string Concat(string? left, string right) => $"{left ?? "null"}+{right}";

    [ProcessTarget]
    public static void Nothing()
    {
    }

    [ProcessTarget]
    public static string NameHere() => CurrentProcess.Name;

    [ProcessTarget]
    public static async Task<string> NamesAroundAnAwait()
    {
        string before = CurrentProcess.Name;
        await Task.Delay(1).ConfigureAwait(false);
        return $"{before} {WorkerContext.Current!.WorkerName}";
    }

    /// <summary>Doubles its own copy, in place.</summary>
    [ProcessTarget]
    public static int[] Doubled(int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++) numbers[i] *= 2;
        return numbers;
    }

    [ProcessTarget]
    public static int IdHere() => Environment.ProcessId;

    [ProcessTarget]
    public static void ThrowArgument(string name) => throw new ArgumentException("no good", name);

    [ProcessTarget(Throws = [typeof(OutOfPaintException)])]
    public static void ThrowDeclared(string message) => throw new OutOfPaintException(message);

    [ProcessTarget(Throws = [typeof(SpilledPaintException), typeof(PaintJobException)])]
    public static void ThrowDeclaredWithInner(int kind) => throw (kind switch
    {
        0 => new SpilledPaintException("spilled"),
        1 => new SpilledPaintException("spilled", new FormatException("inner")),
        _ => new PaintJobException("failed", new SpilledPaintException("spilled", new FormatException("inner"))),
    });

    [ProcessTarget]
    public static void ThrowUndeclared(string message) => throw new UndeclaredException(message);

    [ProcessTarget]
    public static void ThrowNested() => throw new InvalidOperationException("outer", new FormatException("inner"));

    [ProcessTarget]
    public static void Exit(int code) => Environment.Exit(code);

    [ProcessTarget]
    public static void Sleep(int milliseconds) => Thread.Sleep(milliseconds);

    [ProcessTarget]
    public static void Spin()
    {
        while (true) Thread.SpinWait(100);
    }

    [ProcessTarget]
    public static void Kill(int signal) => Signals.Send(Environment.ProcessId, signal);

    [ProcessTarget]
    public static void Print(string line, bool toError)
    {
        (toError ? Console.Error : Console.Out).WriteLine(line);
    }

    [ProcessTarget]
    public static void PrintThenSpin()
    {
        Console.WriteLine("spinning");
        Spin();
    }

    [ProcessTarget]
    public static void PrintMany(int count)
    {
        for (int i = 0; i < count; i++) Console.WriteLine($"line {i}");
    }

    [ProcessTarget]
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    /// <summary>Whether a file of that name is mapped into the process (Linux).</summary>
    [ProcessTarget]
    public static bool Maps(string name) => File.ReadAllText("/proc/self/maps").Contains(name, StringComparison.Ordinal);

    /// <summary>What the system has limited, a line each (Linux).</summary>
    [ProcessTarget]
    public static string Limits() => File.ReadAllText("/proc/self/limits");

    [ProcessTarget]
    public static string Circumstances(string first, string second) =>
        $"{CurrentProcess.Name} {Environment.GetEnvironmentVariable(first) ?? "-"} {Environment.GetEnvironmentVariable(second) ?? "-"} {Environment.CurrentDirectory}";

    /// <summary>The processors and the niceness of what it starts.</summary>
    [ProcessTarget]
    public static string ChildStatus() => Shell.Run("grep Cpus_allowed_list /proc/self/status; nice");

    [ProcessTarget]
    public static void LogAndStart()
    {
        ProcgenLog.ToStandardError();
        using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing());
        child.Join();
    }

    [ProcessTarget]
    public static string Directory() => Environment.CurrentDirectory;

    [ProcessTarget]
    public static string ChildEnvironment() => Shell.Run("env");

    [ProcessTarget]
    public static async Task<int> AddLater(int left, int right, CancellationToken cancellationToken)
    {
        await Task.Delay(10, cancellationToken);
        return left + right;
    }

    [ProcessTarget]
    public static async Task WaitForCancellation(CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken);

    [ProcessTarget]
    public static async Task SignalAndWaitForCancellation(ProcessEvent runs, CancellationToken cancellationToken)
    {
        runs.Set();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    [ProcessTarget]
    public static void CancelByItself() => throw new OperationCanceledException();

    [ProcessTarget]
    public static void Report(int count, IProgress<int> progress)
    {
        for (int i = 0; i < count; i++) progress.Report(i);
    }

    [ProcessTarget]
    public static IEnumerable<int> Count(int to)
    {
        for (int i = 0; i < to; i++) yield return i;
    }

    [ProcessTarget]
    public static async IAsyncEnumerable<string> Spell(int to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < to; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new string('x', i);
        }
    }

    [ProcessTarget]
    public static IEnumerable<int> CountThenThrow(int to)
    {
        for (int i = 0; i < to; i++) yield return i;
        throw new FormatException("the end");
    }

    [ProcessTarget]
    public static string Family() =>
        $"{CurrentProcess.Parent!.Name}>{CurrentProcess.Name} daemon={CurrentProcess.IsDaemon} worker={CurrentProcess.IsWorker} parent={CurrentProcess.Parent.Id} alive={CurrentProcess.Parent.IsAlive}";

    [ProcessTarget]
    public static string GrandchildName()
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.NameHere());
        return child.Completion.GetAwaiter().GetResult();
    }

    [ProcessTarget]
    public static int StartFromDaemon()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Square(2));
        return child.Completion.GetAwaiter().GetResult();
    }

    [ProcessTarget]
    public static byte[] Echo(byte[] bytes) => bytes;

    [ProcessTarget]
    public static byte[] KeyHere() => CurrentProcess.AuthKey.ToArray();

    [ProcessTarget]
    public static int Threads(int count)
    {
        int sum = 0;
        Parallel.For(0, count, i => Interlocked.Add(ref sum, i));
        return sum;
    }

    [ProcessTarget]
    public static int Recurse(int depth) => depth == 0 ? 0 : 1 + Recurse(depth - 1);

    [ProcessTarget]
    public static string ContextHere(WorkerContext worker) => $"{worker.WorkerName} {worker.WorkerIndex} {worker.CallCount}";

    [ProcessTarget]
    public static async Task<int> RunHere(ProcessCall<int> call) => await call.InvokeAsync() + 1;

    /// <summary>Starts children that never end by themselves, yields their ids, and stays.</summary>
    [ProcessTarget]
    public static IEnumerable<int> Brood(int count)
    {
        for (int i = 0; i < count; i++)
        {
            ChildProcess child = ChildProcess.Start(JobsTargets.Spin());
            yield return child.Id!.Value;
        }

        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Waits for a non-daemon child at its end, as any process does.</summary>
    [ProcessTarget]
    public static void LeaveChildBehind(int milliseconds, string file) => ChildProcess.Start(JobsTargets.WriteLater(milliseconds, file));

    /// <summary>The same with a child that is a thread of this process.</summary>
    [ProcessTarget]
    public static void LeaveThreadBehind(int milliseconds, string file)
        => ChildProcess.Start(JobsTargets.WriteLater(milliseconds, file), new ProcessOptions { StartMethod = StartMethod.InProcess });

    /// <summary>Ends this process from a child that is a thread of it.</summary>
    [ProcessTarget]
    public static void ExitOnThread(int code)
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Exit(code), new ProcessOptions { StartMethod = StartMethod.InProcess });
        child.Join();
    }

    /// <summary>Ends this process where it takes in what a child says.</summary>
    [ProcessTarget]
    public static void ExitOverLine(int code)
    {
        using ChildProcess child = ChildProcess.Start(
            JobsTargets.Print("stop", false), new ProcessOptions { StandardOutput = OutputMode.Capture, OutputReceived = _ => Environment.Exit(code) });
        child.Join();
    }

    /// <summary>Starts one that waits for a debugger, and whose standard error nobody sees.</summary>
    [ProcessTarget]
    public static int StartPatient()
    {
        using ChildProcess<int> child = ChildProcess.Start(
            JobsTargets.Square(3), new ProcessOptions { Name = "patient", StandardError = OutputMode.Discard, Environment = { ["PROCGEN_WAIT_FOR_DEBUGGER"] = "TRUE" } });
        return child.Id!.Value;
    }

    [ProcessTarget]
    public static void WriteLater(int milliseconds, string file)
    {
        Thread.Sleep(milliseconds);
        File.WriteAllText(file, "done");
    }

    [ProcessTarget]
    public static void ReportThenSpin(IProgress<int> progress)
    {
        progress.Report(1);
        Spin();
    }

    /// <summary>Waits for a file to appear, then answers.</summary>
    [ProcessTarget]
    public static int AnswerBehindGate(int x, string gate, IProgress<int> waiting)
    {
        waiting.Report(x);
        while (!File.Exists(gate)) Thread.Sleep(20);
        return x * x;
    }

    /// <summary>Starts children that are busy in every way there is, each of which says so, and is busy itself.</summary>
    [ProcessTarget]
    public static void Keep(int count, bool grandchildren, IProgress<int> born)
    {
        var passing = new Passing(born);
        for (int i = 0; i < count; i++)
        {
            _ = ChildProcess.Start(JobsTargets.BeBusy(i, passing));
            if (grandchildren) _ = ChildProcess.Start(JobsTargets.Keep(1, false, passing));
        }

        Spin();
    }

    /// <summary>Keeps a reserve and says who waits in it (Linux).</summary>
    [ProcessTarget]
    public static void KeepReserve(int count, IProgress<int> born)
    {
        ProcessDefaults.StandbyReserve = count; // None boots while they wait.
        var options = new ProcessOptions { StartMethod = StartMethod.Standby };
        while (WorkerReserve.Count < count)
        {
            using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing(), options);
            child.Join();
            SpinWait.SpinUntil(() => WorkerReserve.Count >= count, TimeSpan.FromSeconds(1));
        }

        foreach (int id in WaitingWorkers.Ids()) born.Report(id);
        Spin();
    }

    [ProcessTarget]
    public static void BeBusy(int kind, IProgress<int> born)
    {
        born.Report(Environment.ProcessId);
        switch (kind % 3)
        {
            case 0: Spin(); break;
            case 1: Thread.Sleep(Timeout.Infinite); break;
            default: _ = NativeSleep.sleep(uint.MaxValue); break; // No runtime can interrupt it there.
        }
    }

    /// <summary>Returns the daemon's id.</summary>
    [ProcessTarget]
    public static int LeaveDaemonAndChildBehind(int milliseconds, string file, string daemonFile)
    {
        ChildProcess.Start(JobsTargets.WriteLater(milliseconds, file));
        return ChildProcess.Start(JobsTargets.WriteLater(60_000, daemonFile), new ProcessOptions { Daemon = true }).Id!.Value;
    }

    private sealed class Passing(IProgress<int> to) : IProgress<int>
    {
        public void Report(int value) => to.Report(value);
    }
}
