namespace Procgen.Framing;

/// <summary>What a frame says. A frame is an int32 length of what follows, this byte, and the body.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the worker, first: who it is (<see cref="Launching.WorkerStart"/>).</summary>
    Start = 1,

    /// <summary>To the worker: call id, target, arguments.</summary>
    Call,

    /// <summary>To the worker: cancel the token of call id.</summary>
    Cancel,

    /// <summary>To the worker: call id may send so many more bytes of stream items.</summary>
    Credit,

    /// <summary>To the worker: no more calls follow; finish and exit.</summary>
    Finish,

    /// <summary>To the worker: items of one target that a pool wants done, in order (<see cref="Calls.BatchHeader"/>).</summary>
    Batch,

    /// <summary>To the worker: the shared memory in which the pool's long arguments are.</summary>
    Shared,

    /// <summary>To a worker of the reserve, before <see cref="Start"/>: the environment and folder of the process that it becomes.</summary>
    Adopt = 32,

    /// <summary>To a worker that boots for the reserve: the targets to get ready for.</summary>
    Prepare = 33,

    /// <summary>From the worker: initialized, and ready for calls.</summary>
    Ready = 64,

    /// <summary>From the worker: call id returned this; the body of a void call is empty.</summary>
    Result,

    /// <summary>From the worker: call id threw this (<see cref="Calls.RemoteError"/>).</summary>
    Error,

    /// <summary>From the worker: the next item of stream id.</summary>
    Item,

    /// <summary>From the worker: id of the call or batch, item of the batch, index of the progress argument, value.</summary>
    Progress,

    /// <summary>From the worker, last: handles that it sent to others and nobody has opened, for the parent to hold in its stead.</summary>
    Will,

    /// <summary>From the worker: it is about to start a child, its first, so there may be something of theirs to clean up after it.</summary>
    Launches,

    /// <summary>From the worker: results wait in the ring that it shares with its pool.</summary>
    Doorbell,

    /// <summary>From the worker: one result that is too long for the ring, or that must not overtake other frames.</summary>
    Outcome,
}
