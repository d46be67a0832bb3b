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
    public T Get<T>(string name)
    {
        PayloadReader answer = Send(Named(ManagerOp.Get, name));
        if (!answer.ReadMemory<bool>()) throw new KeyNotFoundException($"The managed namespace has no '{name}'.");
        _ = answer.ReadMemory<int>();
        string? type = answer.ReadString();
        return type == TypeName<T>()
            ? Codecs.Get<T>().Read(ref answer)
            : throw new InvalidCastException($"'{name}' was set as {type}, and cannot be had as {TypeName<T>()}.");
    }

    /// <summary>Sets a value.</summary>
    /// <typeparam name="T">Its type, which <see cref="Get"/> has to name.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    public void Set<T>(string name, T value) => Send(Named(ManagerOp.Set, name).AddValue(Codecs.Get<T>(), value, Client.ServerId, TypeName<T>()));

    /// <summary>Whether there is a value of that name.</summary>
    public bool Contains(string name) => Send(Named(ManagerOp.Contains, name)).ReadMemory<bool>();

    /// <summary>Removes a value, if it is there.</summary>
    public bool Remove(string name) => Send(Named(ManagerOp.TryRemove, name)).ReadMemory<bool>();

    void IProcessHandle<ManagedNamespace>.WriteHandle(ref PayloadWriter writer) => WriteProxy(ref writer);

    static ManagedNamespace IProcessHandle<ManagedNamespace>.ReadHandle(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedNamespace(client, id);
    }

    private static string TypeName<T>() => typeof(T).ToString();

    private ManagerRequest Named(ManagerOp op, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Request(op).AddValue(Codecs.Get<string>(), name, Client.ServerId);
    }
}
