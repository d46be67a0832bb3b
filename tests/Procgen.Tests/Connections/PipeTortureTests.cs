using NUnit.Framework;
using Procgen.Connections;
using Procgen.Tests.Queues;

namespace Procgen.Tests.Connections;

public class PipeTortureTests
{
    [Test]
    [CancelAfter(1_800_000)]
    public void A_pipe_survives_whatever_is_killed()
    {
        (Connection<TortureItem> first, Connection<TortureItem> second) = ProcessPipe.Create<TortureItem>();
        using Torture torture = new(job =>
            TortureJobsTargets.UsePipe(job.Number % 2 == 0 ? first : second, job.Path, job.Processes, job.Number, job.Ready));
        PipeTransport transport = (PipeTransport)first.Transport;
        uint pages = 0;
        torture.Run(halfway: () => pages = transport.PagesUsed);

        // Those that are left may be in the middle of sending.
        using CancellationTokenSource joined = new();
        Task drained = Task.WhenAll(DrainAsync(first, torture.Ledger, joined.Token), DrainAsync(second, torture.Ledger, joined.Token));
        torture.JoinCrew();
        joined.Cancel();
        drained.Wait();
        torture.AssertNoFaults();
        TestContext.Out.WriteLine($"pages: {pages} halfway, {transport.PagesUsed} at the end");
        Assert.That(transport.PagesUsed, Is.LessThan((pages * 2) + 256));
        second.Dispose();

        // Every holder of the second end was disposed or killed.
        Assert.That(() => first.Receive(), Throws.TypeOf<EndOfStreamException>());
        first.Dispose();
    }

    private static async Task DrainAsync(Connection<TortureItem> connection, TortureLedger ledger, CancellationToken joined)
    {
        try
        {
            while (true) ledger.Note((await connection.ReceiveAsync(joined)).Id);
        }
        catch (OperationCanceledException)
        {
            while (connection.TryReceive(out TortureItem? item)) ledger.Note(item.Id);
        }
    }
}
