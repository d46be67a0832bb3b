using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Serialization;
using Procgen.Shared;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// Calls that do nothing, of a process and of a pool, served by a worker over its own memory before it waits in the reserve:
/// so that the code on the way of a call is loaded and bound before the first one comes.
/// </summary>
internal static class Rehearsal
{
    private static readonly CallTarget AtOnce = new(1, "Rehearsal", typeof(Rehearsal), Read) { Run = static (ref PayloadReader _, Invocation _, ref PayloadWriter _) => { } };
    private static readonly CallTarget ByObject = new(2, "Rehearsal", typeof(Rehearsal), Read);

    /// <summary>The first time binds the code itself, the second time what leads from one method to the next.</summary>
    public static void Run()
    {
        TargetRegistry.Register(typeof(Rehearsal), Find);
        CallAndExit();
        CallAndExit();
    }

    private static Target? Find(ulong id) => id switch
    {
        1 => AtOnce,
        2 => ByObject,
        _ => null,
    };

    private static NothingCall Read(ref PayloadReader reader) => new(ByObject);

    private static void CallAndExit()
    {
        Call(AtOnce);
        Call(ByObject);
        try
        {
            Batch(AtOnce);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InsufficientMemoryException)
        {
            // No shared memory is to be had: then there are no pools either, and a process's call does without.
        }

        WorkerExit.Rehearse();
    }

    private static void Call(CallTarget target)
    {
        using var frames = new FrameBuffer();
        using var scope = new HandleScope();
        CallFrames.AppendCall(frames, 1, new NothingCall(target), scope);
        Serve(frames, null);
    }

    private static void Batch(CallTarget target)
    {
        CallBoard board = CallBoard.Create(hasSegments: false);
        board.Offer(0, 1);
        using var frames = new FrameBuffer();
        var header = new BatchHeader(0, 1, IsTimed: false, IsShared: false, IsInternal: false, target.ModuleVersionId, target.Id, null);
        frames.Append(FrameKind.Batch, header, static (ref PayloadWriter writer, BatchHeader batch) => batch.Write(ref writer));
        frames.Append(FrameKind.Finish, 0, static (ref PayloadWriter _, int _) => { });
        Serve(frames, board.Block);
        board.Block.Release();
    }

    private static void Serve(FrameBuffer frames, SharedBlock? board)
    {
        var start = new WorkerStart
        {
            Name = "Process-1",
            Identity = "1",
            IsDaemon = true,
            AuthKey = new byte[FamilyMember.AuthKeyLength],
            ParentName = "MainProcess",
            ParentId = 0,
            Board = board,
        };
        using var first = new FrameBuffer();
        first.Append(FrameKind.Start, start, WorkerStart.Write);
        (ByteChannel parentEnd, ByteChannel workerEnd) = MemoryChannel.CreatePair();
        parentEnd.Write(first.Written);
        parentEnd.Write(frames.Written);
        using var link = new Link(workerEnd, sendersWait: true);
        new WorkerLife(link, board is null ? new LinkReader(link) : null, isRehearsal: true).Run();
        parentEnd.Dispose();
    }

    private sealed class NothingCall(CallTarget target) : SyncCall(target)
    {
        protected internal override void Invoke(Invocation invocation)
        {
        }

        protected internal override void WriteArguments(ref PayloadWriter writer)
        {
        }
    }
}
