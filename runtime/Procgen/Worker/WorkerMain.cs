using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// What a worker does instead of the app's <c>Main</c>: it connects to its parent, serves (<see cref="WorkerLife"/>), and
/// exits. On the process's main thread; a reader thread of its own watches the link all the while.
/// </summary>
internal static class WorkerMain
{
    public const int RefusedExitCode = 70;

    /// <summary>Serves where this process was started as a worker, and then never returns; else returns at once.</summary>
    public static void RunIfWorker()
    {
        if (WorkerEnvironment.Take() is not WorkerTicket ticket) return;
        ProcessSetup.SetSignals();

        // Only once the pipe's file is gone: whoever is killed with its parent cannot take that away.
        ByteChannel? channel = WorkerChannel.Connect(ticket);
        if (channel is null || !ProcessSetup.EndWithParent(ticket.ParentId)) EndQuietly();
        if (!TryIntroduce(ticket, channel, out Link? link, out string? problem)) Refuse(problem);
        if (!OperatingSystem.IsWindows()) TellOfLaunches(link);
        WorkerExit.Exit(new WorkerLife(link, ticket.IsStandby ? GetReady(link) : null).Run());
    }

    /// <summary>No error of anybody's: a worker for the reserve may still boot when its parent ends. Nobody is left to be told.</summary>
    [DoesNotReturn]
    private static void EndQuietly() => ProcessSetup.ExitImmediately(RefusedExitCode);

    private static bool TryIntroduce(WorkerTicket ticket, ByteChannel channel, [NotNullWhen(true)] out Link? link, out string? problem)
    {
        link = null;
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

    private static void TellOfLaunches(Link link) => LaunchSockets.BeforeFirst(() => link.Send(FrameKind.Launches, 0, static (ref PayloadWriter _, int _) => { }));

    /// <summary>In the reserve: all that can be done before it is known for what.</summary>
    private static LinkReader GetReady(Link link)
    {
        WorkerExit.Prepare();
        RegisterTargets();
        PrepareTargets(link);
        Rehearsal.Run();
        var reader = new LinkReader(link);
        link.Send(FrameKind.Ready, 0, static (ref PayloadWriter _, int _) => { });
        return reader;
    }

    private static void PrepareTargets(Link link)
    {
        try
        {
            if (!link.TryReadFrame(out FrameKind kind, out ReadOnlySpan<byte> body)) ProcessSetup.ExitImmediately(RefusedExitCode);
            if (kind != FrameKind.Prepare) Refuse($"the parent's first frame to the reserve is of kind {(byte)kind}");
            var targets = new PayloadReader(body);
            RecentTargets.Prepare(ref targets);
        }
        catch (Exception error) when (error is ProcessSerializationException or InvalidDataException)
        {
            Refuse(error.Message.TrimEnd('.'));
        }
    }

    /// <summary>Runs the module initializer that the generator gave the executable: it registers the targets.</summary>
    public static void RegisterTargets()
    {
        if (Application.Load() is not Assembly application) return;
        WorkerBoot.Begin();
        try
        {
            RuntimeHelpers.RunModuleConstructor(application.ManifestModule.ModuleHandle);
        }
        finally
        {
            WorkerBoot.End();
        }
    }

    [DoesNotReturn]
    public static void Refuse(string? problem)
    {
        Console.Error.WriteLine($"Procgen: this process ({Environment.ProcessId}) was started as a worker and ends: {problem}.");
        ProcessSetup.ExitImmediately(RefusedExitCode);
    }
}
