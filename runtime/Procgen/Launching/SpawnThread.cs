using System.Runtime.ExceptionServices;

namespace Procgen.Launching;

/// <summary>
/// Starts all processes of this one, on Linux. A worker asks the kernel to be killed with its parent, so that it ends even
/// while it is stopped; and the kernel takes for a parent the thread that started it. So that thread must live as long as this process.
/// </summary>
internal static class SpawnThread
{
    private const int StackSize = 256 * 1024;
    private static readonly object Gate = new();
    private static readonly Queue<Job> Jobs = new();
    private static bool _isRunning;

    /// <summary>Runs <paramref name="spawn"/> there and waits for it.</summary>
    public static int Run(Func<int> spawn)
    {
        var job = new Job(spawn);
        lock (Gate)
        {
            if (!_isRunning)
            {
                new Thread(Serve, StackSize) { IsBackground = true, Name = "procgen spawn" }.UnsafeStart();
                _isRunning = true;
            }

            Jobs.Enqueue(job);
            Monitor.Pulse(Gate);
        }

        return job.Wait();
    }

    private static void Serve()
    {
        while (true)
        {
            Job? job;
            lock (Gate)
            {
                while (!Jobs.TryDequeue(out job)) Monitor.Wait(Gate);
            }

            job.Run();
        }
    }

    private sealed class Job(Func<int> spawn)
    {
        private readonly object _gate = new();
        private int _id;
        private bool _isDone;
        private ExceptionDispatchInfo? _failure;

        public void Run()
        {
            try
            {
                _id = spawn();
            }
            catch (Exception error)
            {
                _failure = ExceptionDispatchInfo.Capture(error);
            }

            lock (_gate)
            {
                _isDone = true;
                Monitor.Pulse(_gate);
            }
        }

        public int Wait()
        {
            lock (_gate)
            {
                while (!_isDone) Monitor.Wait(_gate);
            }

            _failure?.Throw();
            return _id;
        }
    }
}
