namespace Procgen.Managers;

/// <summary>
/// What a request asks of the object it names. A request is this byte, the object's id and the arguments; the answer is a
/// <see cref="ManagerAnswer"/> and the result. A closed list on both sides: no member is looked up by a name.
/// </summary>
internal enum ManagerOp : byte
{
    // Of the server itself; the object id is 0.
    Hello = 1,
    CreateList,
    CreateDictionary,
    CreateValue,
    CreateArray,
    CreateNamespace,
    CreateLock,
    CreateSemaphore,
    CreateEvent,
    CreateCondition,
    CreateBarrier,
    CreateQueue,
    CreateCustom,
    AddReference,
    Release,
    Linger,
    Publish,
    Find,
    CountObjects,
    Shutdown,

    /// <summary>The process ends in good order: what its semaphores gave it stays taken. Has no answer that anybody reads.</summary>
    Farewell,

    // Of waits: the id of the wait follows, and what is sent has no answer of its own.
    BeginWait = 48,
    CancelWait,
    ConfirmWait,

    /// <summary>Of a call, and alone: its answer has come.</summary>
    ConfirmAnswer,

    // Of collections and values.
    Get = 64,
    Set,
    Count,
    Add,
    Insert,
    RemoveAt,
    Clear,
    Snapshot,
    Pop,
    Replace,
    CompareExchange,
    TryAdd,
    TryRemove,
    TryRemovePair,
    Contains,
    GetMany,
    SetMany,
    ContainsPair,

    // Of locks, events and their like.
    Acquire = 128,
    ReleaseLock,
    SetEvent,
    ResetEvent,
    IsSet,
    Wait,
    EnterWaiters,
    LeaveWaiters,
    Notify,
    EndAction,
    Abort,
    Reset,
    Status,

    // Of queues.
    Put = 160,
    Take,
    Lease,
    CompleteLease,
    ReturnLease,
    TaskDone,
    Join,
    CompleteAdding,

    // Of [ManagedObject] classes: type, member and arguments follow.
    Invoke = 192,
}

/// <summary>How an answer begins.</summary>
internal enum ManagerAnswer : byte
{
    /// <summary>The result follows.</summary>
    Result = 1,

    /// <summary>The operation threw: the error follows, as of a target.</summary>
    Error,

    /// <summary>Of a stream: no more items come.</summary>
    End,

    /// <summary>As <see cref="Result"/>: undone unless the client says that it has come.</summary>
    ResultToConfirm,

    /// <summary>The wait was given up, and nothing was taken.</summary>
    Cancelled,

    /// <summary>The wait cannot be given up now: another answer follows when it is over.</summary>
    Heard,
}
