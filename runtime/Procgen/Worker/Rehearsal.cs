using System.Diagnostics.Tracing;
using System.Runtime.Loader;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Serialization;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// A call that does nothing, served by a worker over its own memory before it waits in the reserve: so that the code on the
/// way of a call is loaded and bound before the first one comes.
/// </summary>
internal static class Rehearsal
{
    private const ulong Id = 0;
    private static readonly CallTarget Nothing = new(Id, "Rehearsal", typeof(Rehearsal), static (ref PayloadReader _) => new NothingCall());

    public static void Run()
    {
        TargetRegistry.Register(new Table());
        (ByteChannel parentEnd, ByteChannel workerEnd) = MemoryChannel.CreatePair();
        using var frames = new FrameBuffer();
        var start = new WorkerStart { Name = "rehearsal", Identity = "", IsDaemon = true, AuthKey = [], ParentName = "", ParentId = 0, IsSingleCall = true };
        frames.Append(FrameKind.Start, start, WorkerStart.Write);
        using var scope = new HandleScope();
        CallFrames.AppendCall(frames, 1, new NothingCall(), scope);
        parentEnd.Write(frames.Written);
        using var link = new Link(workerEnd, sendersWait: true);
        new WorkerLife(link, new LinkReader(link), isRehearsal: true).Run();
        parentEnd.Dispose();
        GoTowardsEnd();
    }

    /// <summary>What the runtime and this library do at an exit, as far as it can be done without one: done for the first time it takes longer than the call.</summary>
    private static void GoTowardsEnd()
    {
        foreach (AssemblyLoadContext context in AssemblyLoadContext.All) GC.KeepAlive(context);
        foreach (EventSource source in EventSource.GetSources()) GC.KeepAlive(source);
        EventHandler handler = static (_, _) => { };
        AppDomain.CurrentDomain.ProcessExit += handler;
        AppDomain.CurrentDomain.ProcessExit -= handler;
        ProcessSetup.Flush();
        GC.WaitForPendingFinalizers(); // On the finalizers' thread the handlers run.
    }

    private sealed class Table : TargetTable
    {
        public override ReadOnlySpan<ulong> Ids => [Id];

        public override Target? Find(ulong id) => id == Id ? Nothing : null;
    }

    private sealed class NothingCall() : SyncCall(Nothing)
    {
        protected internal override void Invoke(Invocation invocation)
        {
        }

        protected internal override void WriteArguments(ref PayloadWriter writer)
        {
        }
    }
}
