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
        set => Send(Request(ManagerOp.Set).AddValue(_codec, value, Client.ServerId));
    }

    /// <summary>Replaces the value by what <paramref name="update"/> makes of it, as if nobody else were there.</summary>
    /// <param name="update">Runs in this process, and again where another process was faster.</param>
    /// <returns>The new value.</returns>
    public T Update(Func<T, T> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            T old = Value;
            T value = update(old);
            ManagerRequest request = Request(ManagerOp.CompareExchange).AddValue(_codec, old, Client.ServerId).AddValue(_codec, value, Client.ServerId);
            if (Send(request).ReadMemory<bool>()) return value;
        }
    }

    void IProcessHandle<ManagedValue<T>>.WriteHandle(ref PayloadWriter writer) => WriteProxy(ref writer);

    static ManagedValue<T> IProcessHandle<ManagedValue<T>>.ReadHandle(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedValue<T>(client, id);
    }
}
