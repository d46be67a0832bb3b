using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// A worker's life: it takes the place of the app's <c>Main</c>, connects to its parent, learns who it is, serves, and
/// exits. On the process's main thread; a reader thread of its own watches the link all the while.
/// </summary>
internal static class WorkerMain
{
    private const int RefusedExitCode = 70;

    /// <summary>Serves where this process was started as a worker, and then never returns; else returns at once.</summary>
    /// <param name="registerBuiltIns">Makes the library's own targets known, beside the executable's; null where there are none.</param>
    public static void RunIfWorker(Action? registerBuiltIns)
    {
        if (WorkerEnvironment.Take() is not WorkerTicket ticket) return;
        if (registerBuiltIns is not null) TargetRegistry.RegisterWhenMissed(registerBuiltIns);
        ProcessSetup.SetSignals();
        if (!ProcessSetup.EndWithParent(ticket.ParentId)) LeaveNothing(ticket);
        if (!TryConnect(ticket, out Link? link, out string? problem)) Refuse(problem);
        Serve(link, ticket.IsStandby ? GetReady(link) : null);
    }

    /// <summary>The parent is gone: nobody else would remove the pipe's file.</summary>
    private static void LeaveNothing(WorkerTicket ticket)
    {
        Interop.UnixSocket.Unlink(ticket.PipePath);
        ProcessSetup.ExitImmediately(RefusedExitCode);
    }

    private static bool TryConnect(WorkerTicket ticket, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Link? link, out string? problem)
    {
        link = null;
        ByteChannel? channel = WorkerChannel.Connect(ticket);
        if (channel is null)
        {
            // No error of anybody's: a worker for the reserve may still boot when its parent ends. Nobody is left to be told.
            ProcessSetup.ExitImmediately(RefusedExitCode);
        }

        Span<byte> preamble = stackalloc byte[Preamble.Length];
        Preamble.Write(preamble, ticket.WorkerSecret);
        channel.Write(preamble);
        problem = channel.TryReadExactly(preamble)
            ? Preamble.Refuse(preamble, ticket.ParentSecret)
            : "the parent closed the connection without an answer (does it run another build of this program?)";
        if (problem is not null) return false;
        link = new Link(channel, sendersWait: true);
        return true;
    }

    private static void Serve(Link link, LinkReader? reader)
    {
        WorkerStart start = ReadStart(link);
        FamilyMember self = FamilyMember.Become(start);
        SetCulture(start);
        var context = new WorkerContext(start.Name, start.Index);
        WorkerContext.Become(context);
        Action parentGone = () =>
        {
            self.Parent!.HasEnded();
            ProcessSetup.ExitImmediately(1);
        };
        if (start.Board is null) RunOnThread(start.MaxStackSize, () => ServeCall(link, reader, start, context, parentGone));
        else RunOnThread(start.MaxStackSize, () => ServePool(link, start, context, parentGone));
    }

    private static void RunOnThread(int maxStackSize, Action serve)
    {
        if (maxStackSize == 0)
        {
            serve();
            return;
        }

        var thread = new Thread(() => serve(), maxStackSize) { Name = "Procgen target" };
        thread.Start();
        thread.Join();
    }

    /// <summary>In the reserve: all that can be done before it is known for what.</summary>
    private static LinkReader GetReady(Link link)
    {
        RegisterTargets();
        TargetRegistry.MakeAll();
        Rehearsal.Run();
        var reader = new LinkReader(link);
        link.Send(FrameKind.Ready, 0, static (ref PayloadWriter _, int _) => { });
        return reader;
    }

    private static WorkerStart ReadStart(Link link)
    {
        try
        {
            FrameKind kind = ReadFrame(link, out ReadOnlySpan<byte> body);
            if (kind == FrameKind.Adopt)
            {
                var adoption = new PayloadReader(body);
                StandbyWorker.Adopt(ref adoption);
                kind = ReadFrame(link, out body);
            }

            if (kind != FrameKind.Start) Refuse($"the parent's first frame is of kind {(byte)kind}");
            var reader = new PayloadReader(body);
            return WorkerStart.Read(ref reader);
        }
        catch (Exception error)
        {
            Refuse(error.Message.TrimEnd('.'));
            throw;
        }
    }

    private static FrameKind ReadFrame(Link link, out ReadOnlySpan<byte> body)
    {
        if (!link.TryReadFrame(out FrameKind kind, out body)) ProcessSetup.ExitImmediately(RefusedExitCode);
        return kind;
    }

    /// <summary>The one call that a process of its own was started for.</summary>
    private static void ServeCall(Link link, LinkReader? reader, WorkerStart start, WorkerContext context, Action parentGone)
    {
        var session = new WorkerSession(link, context, parentGone);
        link.HandleArrived(session);
        (reader ?? new LinkReader(link)).Begin(session);
        if (reader is null) RegisterTargets(); // A worker from the reserve has done so there.
        DebuggerWait.WaitIfAsked(start.Name);
        Exception? error = session.ServeOne();
        if (error is not null) Print(error);
        session.SentHandles.LeaveTo(link);
        End(context, error is null ? 0 : 1);
    }

    private static void ServePool(Link link, WorkerStart start, WorkerContext context, Action parentGone)
    {
        var session = new BatchSession(link, CallBoard.Open(start.Board!), context, parentGone);
        session.Begin();
        RegisterTargets();
        DebuggerWait.WaitIfAsked(start.Name);
        session.Serve();
        session.SentHandles.LeaveTo(link);
        End(context, 0);
    }

    private static void End(WorkerContext context, int code)
    {
        if (context.DisposeServices() is Exception error)
        {
            Print(error);
            code = 1;
        }

        // Children are joined and the app's own handlers run in ProcessExit, as at the end of any Main. The last handler
        // ends the process: what the runtime would still do takes longer than all of an empty call.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ProcessSetup.ExitFlushed(code);
        Environment.Exit(code);
    }

    // Apart, so that a call that returns loads no console.
    private static void Print(Exception error) => Console.Error.WriteLine($"Process {FamilyMember.Current.Name}:{Environment.NewLine}{RemoteError.Describe(error)}");

    /// <summary>Runs the module initializer that the generator gave the executable: it registers the targets.</summary>
    private static void RegisterTargets()
    {
        if (Application.Load() is Assembly application) RuntimeHelpers.RunModuleConstructor(application.ManifestModule.ModuleHandle);
    }

    private static void SetCulture(WorkerStart start)
    {
        if (start.Culture is not null)
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo(start.Culture);
        if (start.UICulture is not null)
            CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo(start.UICulture);
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void Refuse(string? problem)
    {
        Console.Error.WriteLine($"Procgen: this process ({Environment.ProcessId}) was started as a worker and ends: {problem}.");
        ProcessSetup.ExitImmediately(RefusedExitCode);
    }
}
