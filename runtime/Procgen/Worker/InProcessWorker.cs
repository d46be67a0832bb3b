using System.Globalization;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Launching;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// A worker that is a thread of this process: the same frames over memory, the same session, so that arguments, results
/// and errors are what they would be from a process. Only ending one by force is beyond it.
/// </summary>
internal sealed class InProcessWorker : LaunchedWorker
{
    private readonly ByteChannel _parentEnd;

    private InProcessWorker(ThreadProcess process, ByteChannel parentEnd)
        : base(process) => _parentEnd = parentEnd;

    /// <summary>How long a target has for seeing its token where somebody waits for the worker's end.</summary>
    internal static TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(2);

    public override StartMethod StartMethod => StartMethod.InProcess;

    public static InProcessWorker Start(WorkerStart start)
    {
        (ByteChannel parentEnd, ByteChannel workerEnd) = MemoryChannel.CreatePair();
        var link = new Link(workerEnd, sendersWait: true);
        ThreadProcess process = null!;
        Thread thread = null!;
        process = new ThreadProcess(giveUp: () =>
        {
            SetBackground(thread);
            link.Close(null);
            Deadlines.Schedule(Grace, () => process.End(ExitStatus.Unknown));
        });

        // For one in the foreground the runtime waits when Main has returned, and not where a target has called Environment.Exit.
        // Not the caller's context: the worker's own begins empty, as a process does.
        thread = new Thread(() => Serve(link, process), start.StackSize) { IsBackground = !start.IsJoinedAtExit, Name = $"Procgen target {start.Name}" };
        thread.UnsafeStart();
        return new InProcessWorker(process, parentEnd);
    }

    private static void SetBackground(Thread thread)
    {
        try
        {
            thread.IsBackground = true;
        }
        catch (ThreadStateException)
        {
            // It has ended.
        }
    }

    public override ByteChannel Connect() => _parentEnd;

    private static void Serve(Link link, ThreadProcess process)
    {
        Exception? error = null;
        try
        {
            if (!link.TryReadFrame(out _, out ReadOnlySpan<byte> body)) return;
            var reader = new PayloadReader(body);
            error = Serve(WorkerStart.Read(ref reader), link);
        }
        finally
        {
            link.Close(null);
            process.End(new ExitStatus(error is null ? 0 : 1, null));
        }
    }

    private static Exception? Serve(WorkerStart start, Link link)
    {
        FamilyMember self = FamilyMember.EnterThread(start);
        if (start.Culture is not null) CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(start.Culture);
        if (start.UICulture is not null) CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(start.UICulture);
        var context = new WorkerContext(start.Name, start.Index);
        WorkerContext.EnterThread(context);
        Exception? error = start.Board is null
            ? ServeCall(start, link, context, self)
            : ServePool(start, link, context, self);
        if (context.DisposeServices() is not Exception failure) return error;
        LastWords.Print(failure);
        return error ?? failure;
    }

    private static Exception? ServeCall(WorkerStart start, Link link, WorkerContext context, FamilyMember self)
    {
        var sent = new SentHandles(heir: null);
        WorkerSession session = null!;
        session = new WorkerSession(link, context, () =>
        {
            self.Parent!.HasEnded();
            session.Abandon();
        }, sent);
        new Thread(() => link.ReadFrames(session), 256 * 1024) { IsBackground = true, Name = $"Procgen reader {start.Name}" }.UnsafeStart();
        Exception? error = session.ServeOne();
        sent.Leave();
        return error;
    }

    private static Exception? ServePool(WorkerStart start, Link link, WorkerContext context, FamilyMember self)
    {
        var sent = new SentHandles(heir: null);
        BatchSession session = null!;
        session = new BatchSession(link, CallBoard.Open(start.Board!), context, () =>
        {
            self.Parent!.HasEnded();
            session.Abandon();
        }, sent);
        session.Begin();
        session.Serve();
        sent.Leave();
        return null;
    }
}
