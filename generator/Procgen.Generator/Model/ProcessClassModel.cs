using System;
using System.Collections.Generic;
using System.Linq;

namespace Procgen.Generator.Model;

/// <summary>A marked class derived from ChildProcess.</summary>
/// <param name="Namespace">Its namespace, empty for the global one.</param>
/// <param name="Declarations">The partial declarations to repeat, outermost first: <c>partial class Outer</c>.</param>
/// <param name="TypeName">The class in emitted code: <c>global::N.Worker</c>.</param>
/// <param name="DisplayName">The class in messages: <c>Outer.Worker</c>.</param>
/// <param name="DocumentationId">Its id in documentation.</param>
/// <param name="Id">What names its Run on the wire, beside its module.</param>
/// <param name="Members">The state that crosses, base classes first.</param>
/// <param name="Throws">The exceptions that arrive as themselves.</param>
/// <param name="TakenNames">The names of its members, which emitted ones must not have.</param>
/// <param name="SeesInternals">Whether Procgen lets the assembly see its internals, so that overrides must repeat them.</param>
internal sealed record ProcessClassModel(
    string Namespace,
    EquatableArray<string> Declarations,
    string TypeName,
    string DisplayName,
    string DocumentationId,
    ulong Id,
    EquatableArray<StateModel> Members,
    EquatableArray<ThrowModel> Throws,
    EquatableArray<string> TakenNames,
    bool SeesInternals);

/// <summary>A public field or property of a process class.</summary>
/// <param name="Name">Its name, escaped.</param>
/// <param name="DeclaredIn">The base class to see it through where another member hides it; else empty.</param>
/// <param name="TypeName">Its type, with annotations.</param>
/// <param name="Type">How it is written.</param>
/// <param name="Accessor">How it is set in the child, where no constructor runs; null where an assignment does.</param>
internal sealed record StateModel(string Name, string DeclaredIn, string TypeName, TypeModel Type, AccessorModel? Accessor);

/// <summary>A process class with the name of its file: one file each.</summary>
internal sealed record ProcessClassFile(string HintName, ProcessClassModel Class)
{
    public static EquatableArray<ProcessClassFile> For(IEnumerable<ProcessClassModel> classes)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        return classes.OrderBy(static model => model.DocumentationId, StringComparer.Ordinal)
            .Select(model => new ProcessClassFile(HintNames.Of(model.TypeName.Replace("global::", "") + ".Run", taken), model))
            .ToEquatableArray();
    }
}
