using System.ComponentModel;
using Procgen.Managers;

namespace Procgen.CompilerServices;

/// <summary>
/// What generated proxies derive from. It says nothing of their members: each is a <see cref="ManagedCall"/>, sent over a
/// connection that serves no other call meanwhile.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedObjectProxy : ManagedProxy
{
    /// <summary>Called by generated code only.</summary>
    protected ManagedObjectProxy(ManagedReference reference)
        : base(reference.Client, reference.ObjectId)
    {
    }

    /// <summary>Makes an object in a manager's server.</summary>
    protected static ManagedReference MakeObject(ProcessManager manager, ManagedCreation creation)
    {
        ArgumentNullException.ThrowIfNull(manager);
        ulong id = ManagedExchange.Send(manager.Client, ManagedExchange.Creation(creation), ObjectIds, CancellationToken.None);
        return Hold(manager.Client, id);
    }

    /// <inheritdoc cref="MakeObject"/>
    protected static async Task<ManagedReference> MakeObjectAsync(ProcessManager manager, ManagedCreation creation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manager);
        ulong id = await ManagedExchange.SendAsync(manager.Client, ManagedExchange.Creation(creation), ObjectIds, cancellationToken).ConfigureAwait(false);
        return Hold(manager.Client, id);
    }

    /// <summary>Calls a member without a result.</summary>
    protected void CallMember(ManagedCall call, CancellationToken cancellationToken = default)
    {
        ManagedExchange.Send<bool>(Client, Encode(call), null, cancellationToken);
        GC.KeepAlive(this);
    }

    /// <summary>Calls a member.</summary>
    protected TResult CallMember<TResult>(ManagedCall<TResult> call, CancellationToken cancellationToken = default)
    {
        TResult result = ManagedExchange.Send(Client, Encode(call), call.Result, cancellationToken);
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Calls a member without a result, and blocks no thread.</summary>
    protected Task CallMemberAsync(ManagedCall call, CancellationToken cancellationToken) =>
        WhileAlive(ManagedExchange.SendAsync<bool>(Client, Encode(call), null, cancellationToken));

    /// <summary>Calls a member, and blocks no thread.</summary>
    protected Task<TResult> CallMemberAsync<TResult>(ManagedCall<TResult> call, CancellationToken cancellationToken) =>
        WhileAlive(ManagedExchange.SendAsync(Client, Encode(call), call.Result, cancellationToken));

    /// <summary>What an event is raised with, or a member yields, each time it is enumerated.</summary>
    protected IAsyncEnumerable<TItem> StreamMember<TItem>(ManagedStream<TItem> call, CancellationToken cancellationToken = default) =>
        new ManagedItems<TItem>(this, call, cancellationToken);

    /// <summary>Writes what another process needs to make a proxy of the same object.</summary>
    protected void WriteReference(ref PayloadWriter writer) => WriteProxy(ref writer);

    /// <summary>Reads what <see cref="WriteReference"/> wrote.</summary>
    protected static ManagedReference ReadReference(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedReference(client, id);
    }

    /// <summary>A request that calls a member; whoever sends it disposes it.</summary>
    internal ManagerRequest Encode(ManagedCall call) => ManagedExchange.AddCall(Request(ManagerOp.Invoke), call);

    private static Codec<ulong> ObjectIds => UnmanagedCodec<ulong>.Instance;

    private static ManagedReference Hold(ManagerClient client, ulong id)
    {
        client.Held.HoldNew(id);
        return new ManagedReference(client, id);
    }

    private async Task<T> WhileAlive<T>(Task<T> answer)
    {
        T result = await answer.ConfigureAwait(false);
        GC.KeepAlive(this);
        return result;
    }
}
