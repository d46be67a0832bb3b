using NUnit.Framework;
using Procgen.CompilerServices;

namespace Procgen.Tests.Processes;

/// <summary>A child that is disposed while another thread starts it: whichever wins, no process is left that nobody can end.</summary>
[NonParallelizable]
public class StartAndDisposeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    public void A_child_that_is_disposed_while_it_starts_has_ended_then([Values] StartMethod method, [Values] bool isAsync)
    {
        using var encoding = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        PauseCodec.Paused = () =>
        {
            encoding.Set();
            goOn.Wait();
        };
        var child = new ChildProcess(StartAndDisposeJobsTargets.Wait(new Pause()), new ProcessOptions { StartMethod = method, Daemon = true });
        try
        {
            var starter = new Thread(child.Start);
            var disposer = new Thread(() => Dispose(child, isAsync));
            starter.Start();
            Assert.That(encoding.Wait(Patience));
            disposer.Start();
            Assert.That(SpinWait.SpinUntil(() => (disposer.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0, Patience));
            goOn.Set();
            Assert.That(starter.Join(Patience) && disposer.Join(Patience));
            Assert.That(child.Life.IsRunning, Is.False);
            Assert.That(child.Completion.IsCompleted);
        }
        finally
        {
            goOn.Set();
            child.Life.KillIfStarted();
        }
    }

    [Test]
    public void A_child_that_was_disposed_first_is_not_started()
    {
        var child = new ChildProcess(JobsTargets.Nothing());
        child.Dispose();
        Assert.That(child.Start, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(child.Completion.IsCanceled);
    }

    private static void Dispose(ChildProcess child, bool isAsync)
    {
        if (isAsync) child.DisposeAsync().AsTask().Wait();
        else child.Dispose();
    }
}

internal static class StartAndDisposeJobs
{
    [ProcessTarget]
    public static async Task Wait(Pause pause, CancellationToken cancellationToken)
    {
        GC.KeepAlive(pause);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}

/// <summary>Takes as long to encode as a test wants.</summary>
[ProcessCodec(typeof(PauseCodec))]
internal sealed class Pause;

internal sealed class PauseCodec : Codec<Pause>
{
    public static Action? Paused { get; set; }

    public override void Write(ref PayloadWriter writer, Pause value) => Paused?.Invoke();

    public override Pause Read(ref PayloadReader reader) => new();
}
