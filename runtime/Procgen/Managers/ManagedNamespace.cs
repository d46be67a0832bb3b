using Procgen.CompilerServices;
using Procgen.Managers;

namespace Procgen;

/// <summary>Named values of any types in a manager's server. Python's <c>Manager().Namespace()</c>.</summary>
public sealed class ManagedNamespace : ManagedProxy, IProcessHandle<ManagedNamespace>
{
    internal ManagedNamespace(ManagerClient client, ulong objectId)
        : base(client, objectId)
    {
    }

    /// <summary>A value by its name.</summary>
    /// <typeparam name="T">The type it was set with.</typeparam>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="InvalidCastException">It was set with another type.</exception>
    public T Get<T>(string name) => Read<T>(Send(Named(ManagerOp.Get, name)), name);

    /// <inheritdoc cref="Get"/>
    /// <summary>A value by its name, without blocking a thread.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<T> GetAsync<T>(string name, CancellationToken cancellationToken = default) =>
        SendAsync(Named(ManagerOp.Get, name), answer => Read<T>(answer, name), cancellationToken);

    /// <summary>Sets a value.</summary>
    /// <typeparam name="T">Its type, which <see cref="Get"/> has to name.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    public void Set<T>(string name, T value) => Send(Setting(name, value));

    /// <summary>Sets a value without blocking a thread.</summary>
    /// <typeparam name="T">Its type, which <see cref="Get"/> has to name.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Ends the wait; the value may have been set all the same.</param>
    public ValueTask SetAsync<T>(string name, T value, CancellationToken cancellationToken = default) => SendAsync(Setting(name, value), cancellationToken);

    /// <summary>Whether there is a value of that name.</summary>
    public bool Contains(string name) => Send(Named(ManagerOp.Contains, name)).ReadMemory<bool>();

    /// <inheritdoc cref="Contains"/>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<bool> ContainsAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(Named(ManagerOp.Contains, name), static answer => answer.ReadMemory<bool>(), cancellationToken);

    /// <inheritdoc cref="Remove"/>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the wait; the value may have been removed all the same.</param>
    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(Named(ManagerOp.TryRemove, name), static answer => answer.ReadMemory<bool>(), cancellationToken);

    /// <summary>Removes a value, if it is there.</summary>
    public bool Remove(string name) => Send(Named(ManagerOp.TryRemove, name)).ReadMemory<bool>();

    void IProcessHandle<ManagedNamespace>.WriteHandle(ref PayloadWriter writer) => WriteProxy(ref writer);

    static ManagedNamespace IProcessHandle<ManagedNamespace>.ReadHandle(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedNamespace(client, id);
    }

    private static T Read<T>(PayloadReader answer, string name)
    {
        if (!answer.ReadMemory<bool>()) throw new KeyNotFoundException($"The managed namespace has no '{name}'.");
        _ = answer.ReadMemory<int>();
        string? type = answer.ReadString();
        return type == TypeName<T>()
            ? Codecs.Get<T>().Read(ref answer)
            : throw new InvalidCastException($"'{name}' was set as {type}, and cannot be had as {TypeName<T>()}.");
    }

    private static string TypeName<T>() => typeof(T).ToString();

    private ManagerRequest Setting<T>(string name, T value) => Named(ManagerOp.Set, name).AddValue(Codecs.Get<T>(), value, Client.ServerId, TypeName<T>());

    private ManagerRequest Named(ManagerOp op, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Request(op).AddValue(Codecs.Get<string>(), name, Client.ServerId);
    }
}
