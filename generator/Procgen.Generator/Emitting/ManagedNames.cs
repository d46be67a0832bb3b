using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>What a proxy's parts are called: never like a member of the user's class.</summary>
internal sealed class ManagedNames
{
    /// <summary>What an indexer is called that says nothing of it.</summary>
    public const string DefaultIndexer = "Item";

    private readonly HashSet<string> _members;
    private readonly Dictionary<ManagedMemberModel, string> _calls = [];
    private readonly HashSet<string> _taken = ["ObjectType", "ObjectTypeMember"];

    public ManagedNames(ManagedClassModel model)
    {
        Forms = ManagedForm.Of(model);
        _members = [.. model.Members.Select(static member => member.Name.TrimStart('@')), .. Forms.Select(static form => form.Name.TrimStart('@')), model.Proxy.Name];
        Create = CallNames.Free("Create", _members);
        CreateAsync = CallNames.Free("CreateAsync", _members);
        GetObjectType = CallNames.Free("GetObjectType", _members);
        Calls = CallNames.Free("Calls", _members);
        Indexer = CallNames.Free(DefaultIndexer, _members);
        _taken.Add(Calls);
        foreach (ManagedMethodModel constructor in model.Constructors) _calls[constructor] = Take("New");
        foreach (ManagedMemberModel member in model.Members)
        {
            // Of two that are one to callers, only one is called.
            if (member is ManagedMethodModel method && !Forms.Any(form => ReferenceEquals(form.Method, method))) continue;
            _calls[member] = Take(member is ManagedPropertyModel { IsIndexer: true } ? DefaultIndexer : member.Name.TrimStart('@'));
        }
    }

    /// <summary>The forms of the methods.</summary>
    public IReadOnlyList<ManagedForm> Forms { get; }

    public string Create { get; }

    public string CreateAsync { get; }

    /// <summary>The method that finds the closed table.</summary>
    public string GetObjectType { get; }

    /// <summary>The class with the calls in it.</summary>
    public string Calls { get; }

    /// <summary>What indexers are to languages without them: the user's may have another name, for a member to have this one.</summary>
    public string Indexer { get; }

    /// <summary>Whether a member is called at all.</summary>
    public bool IsCalled(ManagedMemberModel member) => _calls.ContainsKey(member);

    /// <summary>Whether a name is no member's.</summary>
    public bool IsFree(string name) => !_members.Contains(name);

    /// <summary>A member's stem inside <see cref="Calls"/>: <c>AddCall</c> and <c>AddMember</c> are made of it.</summary>
    public string Stem(ManagedMemberModel member) => _calls[member];

    /// <summary>The call as the proxy names it.</summary>
    public string Call(ManagedMemberModel member) => $"{Calls}.{Stem(member)}Call";

    public string Getter(ManagedPropertyModel property) => $"{Calls}.Get{Stem(property)}Call";

    public string Setter(ManagedPropertyModel property) => $"{Calls}.Set{Stem(property)}Call";

    private string Take(string name)
    {
        string stem = name;
        for (int number = 2; !IsNew(stem); number++) stem = $"{name}_{number}";
        _taken.UnionWith(NamesOf(stem));
        return stem;

        bool IsNew(string candidate) => !NamesOf(candidate).Any(_taken.Contains);
    }

    private static IEnumerable<string> NamesOf(string stem) =>
        new[] { stem, "Get" + stem, "Set" + stem }.SelectMany(static part => new[] { part + "Call", part + "Member" });
}
