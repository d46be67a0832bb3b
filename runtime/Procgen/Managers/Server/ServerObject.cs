using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>One object that a manager's server hosts. Many connection threads call at once; each kind guards itself.</summary>
internal abstract class ServerObject
{
    /// <summary>Does what <paramref name="op"/> says; what it throws is the answer.</summary>
    /// <param name="op">One of the operations of this kind.</param>
    /// <param name="request">The arguments.</param>
    /// <param name="answer">Where the result goes.</param>
    /// <param name="session">Who asks.</param>
    public abstract void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session);

    /// <summary>A client process is gone: what it held is free again.</summary>
    public virtual void OnSessionEnded(ClientSession session)
    {
    }

    /// <summary>The objects whose proxies are stored in this one, once each time: asked when it is dropped.</summary>
    public virtual IEnumerable<ulong> References => [];

    protected static NotSupportedException Unsupported(ManagerOp op) => new($"The object has no operation {op}: client and server are of different builds.");
}
