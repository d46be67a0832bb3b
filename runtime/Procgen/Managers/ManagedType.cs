using System.ComponentModel;
using Procgen.Managers;

namespace Procgen.CompilerServices;

/// <summary>
/// One <see cref="ManagedObjectAttribute"/> class, known to both sides at compile time: generated code makes and registers
/// it. On the wire it is its assembly's module version id and a number, its members are indices: they only select from here.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ManagedType
{
    private readonly Type _proxy;
    private readonly ulong _id;
    private readonly Guid _build;
    private readonly ManagedMember[] _constructors;
    private readonly ManagedMember[] _members;

    /// <summary>Called by generated code only.</summary>
    public ManagedType(ulong id, string name, Type proxy, bool isSerialized, ManagedMember[] constructors, ManagedMember[] members)
    {
        _id = id;
        _proxy = proxy;
        _build = proxy.Module.ModuleVersionId;
        _constructors = constructors;
        _members = members;
        Name = name;
        IsSerialized = isSerialized;
        Own(constructors);
        Own(members);
    }

    internal string Name { get; }

    internal bool IsSerialized { get; }

    /// <summary>Writes which type this is.</summary>
    internal void Write(ManagerRequest request) => request.Add(_build).Add(_id);

    /// <exception cref="ProcgenException">The client means another type, or this one in another build.</exception>
    internal void Check(ref PayloadReader request)
    {
        Guid build = request.ReadMemory<Guid>();
        if (request.ReadMemory<ulong>() == _id && build == _build) return;
        throw new ProcgenException(
            $"The proxy does not fit the {Name} in the manager's server: it is of another build of {_proxy.Assembly.GetName().Name}. Both processes must run the same one.");
    }

    internal ManagedCall ReadConstructor(ref PayloadReader request) => ReadCall(_constructors, ref request);

    internal ManagedCall ReadCall(ref PayloadReader request) => ReadCall(_members, ref request);

    private ManagedCall ReadCall(ManagedMember[] members, ref PayloadReader request)
    {
        int index = request.ReadMemory<int>();
        if ((uint)index >= (uint)members.Length) throw new ProcgenException($"{Name} has no member number {index}: client and server are of different builds.");
        return members[index].Read(ref request);
    }

    private void Own(ManagedMember[] members)
    {
        for (int i = 0; i < members.Length; i++) members[i].SetOwner(this, i);
    }
}

/// <summary>A constructor or member of a managed class: how a call of it is read in the server.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public class ManagedMember
{
    private readonly ArgumentReader<ManagedCall> _read;

    /// <summary>Called by generated code only.</summary>
    /// <param name="name">Class and member, for messages.</param>
    /// <param name="read">Reads a call's arguments.</param>
    /// <param name="isCancelable">Whether it takes a token, so that somebody has to look whether the caller is still there.</param>
    public ManagedMember(string name, ArgumentReader<ManagedCall> read, bool isCancelable = false)
    {
        _read = read;
        Name = name;
        IsCancelable = isCancelable;
    }

    internal string Name { get; }

    internal bool IsCancelable { get; }

    internal ManagedType Owner { get; private set; } = null!;

    internal int Index { get; private set; }

    internal ManagedCall Read(ref PayloadReader reader) => _read(ref reader);

    internal void SetOwner(ManagedType owner, int index)
    {
        Owner = owner;
        Index = index;
    }
}

/// <summary>A member with a result, or with items.</summary>
/// <typeparam name="TResult">Its type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ManagedMember<TResult> : ManagedMember
{
    /// <summary>Called by generated code only.</summary>
    public ManagedMember(string name, ArgumentReader<ManagedCall> read, Codec<TResult> result, bool isCancelable = false)
        : base(name, read, isCancelable) => Result = result;

    internal Codec<TResult> Result { get; }
}
