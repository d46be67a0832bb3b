using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;

namespace Procgen.Generator.Model;

/// <summary>A marked class whose objects may live in a manager's server.</summary>
/// <param name="Proxy">The proxy's class.</param>
/// <param name="IsPublic">Whether the proxy can be public.</param>
/// <param name="TypeName">The class in emitted code: <c>global::N.Counter</c>.</param>
/// <param name="DisplayName">The class in messages: <c>Outer.Counter</c>.</param>
/// <param name="DocumentationId">Its id in documentation.</param>
/// <param name="Id">What names it on the wire, beside its module.</param>
/// <param name="IsSerialized">Whether its calls take turns.</param>
/// <param name="Constructors">What makes an object.</param>
/// <param name="Members">Its public members, in order of declaration.</param>
/// <param name="Obsolete">The ObsoleteAttribute to repeat, without brackets.</param>
/// <param name="SeesInternals">Whether Procgen lets the assembly see its internals, so that overrides must repeat them.</param>
internal sealed record ManagedClassModel(
    StubClass Proxy,
    bool IsPublic,
    string TypeName,
    string DisplayName,
    string DocumentationId,
    ulong Id,
    bool IsSerialized,
    EquatableArray<ManagedMethodModel> Constructors,
    EquatableArray<ManagedMemberModel> Members,
    string? Obsolete,
    bool SeesInternals)
{
    /// <summary>What the extension method that makes one is called after: <c>OuterCounter</c>.</summary>
    public string ShortName => Proxy.Name.Substring(0, Proxy.Name.Length - "Proxy".Length);

    /// <summary>The class that has it.</summary>
    public string Extensions => ShortName + "ManagerExtensions";
}

/// <summary>A public member.</summary>
/// <param name="Name">Its name, escaped.</param>
/// <param name="DocumentationId">Its id in documentation.</param>
/// <param name="Obsolete">The ObsoleteAttribute to repeat, without brackets.</param>
internal abstract record ManagedMemberModel(string Name, string DocumentationId, string? Obsolete)
{
    /// <summary>Whether it is obsolete, or a part of it.</summary>
    public virtual bool IsObsolete => Obsolete is not null;
}

/// <summary>A method or constructor.</summary>
/// <param name="Name">Its name, escaped.</param>
/// <param name="DocumentationId">Its id in documentation.</param>
/// <param name="Obsolete">The ObsoleteAttribute to repeat, without brackets.</param>
/// <param name="IsPublic">Of a constructor: else what calls it is internal.</param>
/// <param name="Return">What comes back; of a constructor nothing.</param>
/// <param name="Parameters">All of them, in order.</param>
internal sealed record ManagedMethodModel(
    string Name, string DocumentationId, string? Obsolete, bool IsPublic, ReturnModel Return, EquatableArray<ParameterModel> Parameters)
    : ManagedMemberModel(Name, DocumentationId, Obsolete)
{
    public bool TakesToken => Parameters.Any(static parameter => parameter.Kind == ParameterKind.CancellationToken);

    public IEnumerable<ParameterModel> Given => Parameters.Where(static parameter => parameter.IsInStub);

    /// <summary>The types that a caller gives, a token aside.</summary>
    public string Signature => string.Concat(Given.Select(static parameter => parameter.TypeKey + ","));
}

/// <summary>A property, an indexer or a field.</summary>
/// <param name="Name">Its name, escaped.</param>
/// <param name="DocumentationId">Its id in documentation.</param>
/// <param name="Obsolete">The ObsoleteAttribute to repeat, without brackets.</param>
/// <param name="TypeName">Its type, with annotations.</param>
/// <param name="Type">How it is written.</param>
/// <param name="Parameters">Of an indexer.</param>
/// <param name="Getter">Null where it cannot be read.</param>
/// <param name="Setter">Null where it cannot be set at any time.</param>
internal sealed record ManagedPropertyModel(
    string Name, string DocumentationId, string? Obsolete, string TypeName, TypeModel Type, EquatableArray<ParameterModel> Parameters,
    ManagedAccessorModel? Getter, ManagedAccessorModel? Setter)
    : ManagedMemberModel(Name, DocumentationId, Obsolete)
{
    public bool IsIndexer => Parameters.Count != 0;

    public override bool IsObsolete => base.IsObsolete || Getter?.Obsolete is not null || Setter?.Obsolete is not null;
}

/// <summary>A property's getter or setter.</summary>
/// <param name="Obsolete">Its own ObsoleteAttribute to repeat, without brackets.</param>
internal sealed record ManagedAccessorModel(string? Obsolete);

/// <summary>An event.</summary>
/// <param name="Name">Its name, escaped.</param>
/// <param name="DocumentationId">Its id in documentation.</param>
/// <param name="Obsolete">The ObsoleteAttribute to repeat, without brackets.</param>
/// <param name="HandlerName">The delegate's type.</param>
/// <param name="ParameterCount">How many parameters a handler has.</param>
/// <param name="Told">Which of them cross: not the sender, nor arguments that say nothing.</param>
/// <param name="TypeName">What one raising is to the reader, with annotations.</param>
/// <param name="Type">How that is written.</param>
internal sealed record ManagedEventModel(
    string Name, string DocumentationId, string? Obsolete, string HandlerName, int ParameterCount, EquatableArray<int> Told, string TypeName, TypeModel Type)
    : ManagedMemberModel(Name, DocumentationId, Obsolete);

/// <summary>A managed class with the name of its proxy's file: one file each.</summary>
internal sealed record ManagedClassFile(string HintName, ManagedClassModel Class)
{
    /// <summary>PROCGEN008 without places: those would change with every edit above them.</summary>
    public static EquatableArray<DiagnosticInfo> Problems(EquatableArray<ManagedClassModel> classes) =>
        Doubles(classes).Select(static pair => DiagnosticInfo.From(Problem(pair.First, pair.Second, Location.None))).ToEquatableArray();

    public static Diagnostic Problem(ManagedClassModel first, ManagedClassModel second, Location place) => Diagnostic.Create(
        Diagnostics.SameStub, place, second.DocumentationId.Substring(2), $"the same proxy {second.Proxy.Name} as '{first.DocumentationId.Substring(2)}'");

    /// <summary>Classes that cannot both have a proxy, each with the first of them.</summary>
    public static IEnumerable<(ManagedClassModel First, ManagedClassModel Second)> Doubles(IEnumerable<ManagedClassModel> classes) => classes
        .OrderBy(static model => model.DocumentationId, StringComparer.Ordinal)
        .GroupBy(static model => model.Proxy)
        .SelectMany(static same => same.Skip(1).Select(second => (same.First(), second)));

    /// <summary>Of two classes that would get one proxy, neither gets one.</summary>
    public static EquatableArray<ManagedClassFile> For(IEnumerable<ManagedClassModel> classes)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        return classes.GroupBy(static model => model.Proxy)
            .Where(static group => group.Count() == 1)
            .Select(static group => group.Single())
            .OrderBy(static model => model.DocumentationId, StringComparer.Ordinal)
            .Select(model => new ManagedClassFile(HintNames.Of(model.Proxy.FullName, taken), model))
            .ToEquatableArray();
    }
}
