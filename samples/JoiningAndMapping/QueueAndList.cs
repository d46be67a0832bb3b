using Procgen;

namespace JoiningAndMapping;

/// <summary>
/// Four processes share twelve items: a managed queue that holds four, and a managed list of results. The article ends its
/// workers by four items that mean nothing; here the queue is completed, and reading it ends.
/// </summary>
internal static class QueueAndList
{
    private const int Workers = 4;
    private const int Items = 12;

    public static void Run()
    {
        using ProcessManager manager = ProcessManager.Start();
        ManagedList<int> results = manager.CreateList<int>();
        using ProcessQueue<int> work = manager.CreateQueue<int>(Workers);

        ChildProcess[] workers = [.. Enumerable.Range(0, Workers).Select(_ => ChildProcess.Start(QueueAndListTargets.DoWork(work, results)))];
        Console.WriteLine("........");

        // Put waits while four items are in the queue.
        for (int item = 1; item <= Items; item++)
        {
            work.Put(item);
            Console.WriteLine($"execute task: {item}");
        }

        work.CompleteAdding();
        Console.WriteLine(".....................");

        foreach (ChildProcess worker in workers) worker.Join();
        Console.WriteLine($"[{string.Join(", ", results.Order())}]");
    }

    [ProcessTarget]
    public static void DoWork(ProcessQueue<int> work, ManagedList<int> results)
    {
        foreach (int item in work.ReadAll())
        {
            double seconds = 0.5 + Random.Shared.NextDouble();
            Thread.Sleep(TimeSpan.FromSeconds(seconds)); // stands for work
            Console.WriteLine($"finish task: {item}, it took {seconds:0.00} s, {work.Count} are waiting");
            results.Add(item);
        }
    }
}
