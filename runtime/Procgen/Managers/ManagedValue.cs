using Procgen.CompilerServices;
using Procgen.Managers;

namespace Procgen;

/// <summary>One value in a manager's server. Python's <c>Manager().Value()</c>.</summary>
/// <typeparam name="T">Anything that can cross a process boundary.</typeparam>
public sealed class ManagedValue<T> : ManagedProxy, IProcessHandle<ManagedValue<T>>
{
    private readonly Codec<T> _codec = Codecs.Get<T>();

    internal ManagedValue(ManagerClient client, ulong objectId)
        : base(client, objectId)
    {
    }

    /// <summary>The value. <c>x.Value += 1</c> is two round trips; <see cref="Update"/> is atomic.</summary>
    public T Value
    {
        get => ManagedValues.Read(Send(Request(ManagerOp.Get)), _codec);
        set => Send(Setting(value));
    }

    /// <summary>Replaces the value by what <paramref name="update"/> makes of it, as if nobody else were there.</summary>
    /// <param name="update">Runs in this process, and again where another process was faster.</param>
    /// <returns>The new value.</returns>
    public T Update(Func<T, T> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            (T old, byte[] bytes) = ManagedValues.ReadToReplace(Send(Request(ManagerOp.Get)), _codec);
            T value = update(old);
            if (Send(Replacing(bytes, value)).ReadMemory<bool>()) return value;
        }
    }

    /// <summary>Reads <see cref="Value"/> without blocking a thread.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken = default) =>
        SendAsync(Request(ManagerOp.Get), answer => ManagedValues.Read(answer, _codec), cancellationToken);

    /// <summary>Sets <see cref="Value"/> without blocking a thread.</summary>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Ends the wait; the value may have been set all the same.</param>
    public ValueTask SetAsync(T value, CancellationToken cancellationToken = default) => SendAsync(Setting(value), cancellationToken);

    /// <summary>As <see cref="Update"/>, without blocking a thread.</summary>
    /// <param name="update">Runs in this process, and again where another process was faster.</param>
    /// <param name="cancellationToken">Ends the wait; the value may have been replaced all the same.</param>
    public async ValueTask<T> UpdateAsync(Func<T, T> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            (T old, byte[] bytes) = await SendAsync(Request(ManagerOp.Get), answer => ManagedValues.ReadToReplace(answer, _codec), cancellationToken).ConfigureAwait(false);
            T value = update(old);
            if (await SendAsync(Replacing(bytes, value), static answer => answer.ReadMemory<bool>(), cancellationToken).ConfigureAwait(false)) return value;
        }
    }

    void IProcessHandle<ManagedValue<T>>.WriteHandle(ref PayloadWriter writer) => WriteProxy(ref writer);

    static ManagedValue<T> IProcessHandle<ManagedValue<T>>.ReadHandle(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedValue<T>(client, id);
    }

    private ManagerRequest Setting(T value) => Request(ManagerOp.Set).AddValue(_codec, value, Client.ServerId);

    private ManagerRequest Replacing(byte[] old, T value) =>
        Request(ManagerOp.CompareExchange).AddEncoded(old, null, Client.ServerId).AddValue(_codec, value, Client.ServerId);
}
