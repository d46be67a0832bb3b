using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>One object that a manager's server hosts. Several threads call at once; each kind guards itself.</summary>
internal abstract class ServerObject
{
    /// <summary>Does what <paramref name="op"/> says; what it throws is the answer.</summary>
    /// <param name="op">One of the operations of this kind.</param>
    /// <param name="request">The arguments.</param>
    /// <param name="answer">Where the result goes.</param>
    /// <param name="session">Who asks.</param>
    public abstract void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session);

    /// <summary>As <see cref="Invoke"/>, of what takes something out of the object.</summary>
    /// <param name="op">One of the operations of this kind.</param>
    /// <param name="handed">How an answer begins that hands something over.</param>
    /// <param name="answer">Where the whole answer goes.</param>
    /// <param name="session">Who asks.</param>
    /// <returns>What is handed over; null for nothing.</returns>
    public virtual Handover? Hand(ManagerOp op, ManagerAnswer handed, ref PayloadWriter answer, ClientSession session) => throw Unsupported(op);

    /// <summary>Begins a wait: the object completes it, now or later, or lets it fail by throwing.</summary>
    /// <param name="wait">The wait, which says what for.</param>
    /// <param name="request">The arguments.</param>
    public virtual void Begin(ServerWait wait, ref PayloadReader request) => throw Unsupported(wait.Op);

    /// <summary>The client gives a wait up: unless it is over, or has to be seen through, it ends here.</summary>
    public virtual void Cancel(ServerWait wait)
    {
    }

    /// <summary>A client process has no proxy of the object any more, and goes on.</summary>
    public virtual void OnLetGo(ClientSession session)
    {
    }

    /// <summary>A client process is gone: what it held is free again.</summary>
    public virtual void OnSessionEnded(ClientSession session)
    {
    }

    /// <summary>The objects whose proxies are stored in this one, once each time: asked when it is dropped.</summary>
    public virtual IEnumerable<ulong> References => [];

    protected static NotSupportedException Unsupported(ManagerOp op) => new($"The object has no operation {op}: client and server are of different builds.");
}
