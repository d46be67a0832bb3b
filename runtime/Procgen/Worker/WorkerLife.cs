using System.Globalization;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// A worker from the moment that it is connected: it learns who it is and serves. The same for a rehearsal, so that a call
/// finds all of this process's way to it trodden.
/// </summary>
internal sealed class WorkerLife(Link link, LinkReader? reader, bool isRehearsal = false)
{
    private FamilyMember? _self;

    /// <summary>On the process's main thread; the code that is served may have a thread of its own.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        WorkerStart start = ReadStart();
        _self = FamilyMember.From(start);
        var context = new WorkerContext(start.Name, start.Index);
        SetCulture(start);

        // The app's own threads, which its initializers may have started, would take a rehearsal for true.
        FamilyMember.Become(isRehearsal ? FamilyMember.Current : _self);
        WorkerContext.Become(isRehearsal ? WorkerContext.Current : context);

        return start.MaxStackSize == 0 ? Serve(start, context) : ServeOnThread(start, context);
    }

    private int ServeOnThread(WorkerStart start, WorkerContext context)
    {
        int code = 0;
        var thread = new Thread(() => code = Serve(start, context), start.StackSize) { Name = "Procgen target" };
        thread.Start();
        thread.Join();
        return code;
    }

    private WorkerStart ReadStart()
    {
        try
        {
            FrameKind kind = ReadFrame(out ReadOnlySpan<byte> body);
            if (kind == FrameKind.Adopt)
            {
                var adoption = new PayloadReader(body);
                StandbyWorker.Adopt(ref adoption);
                kind = ReadFrame(out body);
            }

            if (kind != FrameKind.Start) WorkerMain.Refuse($"the parent's first frame is of kind {(byte)kind}");
            var payload = new PayloadReader(body);
            return WorkerStart.Read(ref payload);
        }
        catch (Exception error)
        {
            WorkerMain.Refuse(error.Message.TrimEnd('.'));
            throw;
        }
    }

    private FrameKind ReadFrame(out ReadOnlySpan<byte> body)
    {
        if (!link.TryReadFrame(out FrameKind kind, out body)) ProcessSetup.ExitImmediately(WorkerMain.RefusedExitCode);
        return kind;
    }

    private int Serve(WorkerStart start, WorkerContext context)
    {
        int code = start.Board is null ? ServeCall(start, context) : ServePool(start, context);
        if (!isRehearsal) ProcessSetup.BeforeExit?.Invoke();
        if (context.DisposeServices() is not Exception error) return code;
        LastWords.Print(error);
        return 1;
    }

    /// <summary>The one call that a process of its own was started for.</summary>
    private int ServeCall(WorkerStart start, WorkerContext context)
    {
        var sent = new SentHandles(link);
        var session = new WorkerSession(link, context, LoseParent, sent);
        link.HandleArrived(session);
        (reader ?? new LinkReader(link)).Begin(session);
        if (reader is null) WorkerMain.RegisterTargets(); // A worker from the reserve has done so there.
        if (DebuggerWait.IsAskedOf(start.Name) && !isRehearsal) DebuggerWait.Wait(start.Name);
        Exception? error = session.ServeOne();
        sent.Leave();
        return error is null ? 0 : 1;
    }

    private int ServePool(WorkerStart start, WorkerContext context)
    {
        var sent = new SentHandles(link);
        var session = new BatchSession(link, CallBoard.Open(start.Board!), context, LoseParent, sent);
        session.Begin();
        if (!isRehearsal) WorkerMain.RegisterTargets();
        if (DebuggerWait.IsAskedOf(start.Name) && !isRehearsal) DebuggerWait.Wait(start.Name);
        session.Serve();
        sent.Leave();
        return 0;
    }

    private void LoseParent()
    {
        if (isRehearsal) return;
        _self!.Parent!.HasEnded();
        ProcessSetup.ExitImmediately(1);
    }

    private static void SetCulture(WorkerStart start)
    {
        if (start.Culture is not null)
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo(start.Culture);
        if (start.UICulture is not null)
            CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo(start.UICulture);
    }
}
