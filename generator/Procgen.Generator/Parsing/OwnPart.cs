using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>The user's own part of a stub class: a static partial class of that name, with what it has beside the stubs.</summary>
internal sealed class OwnPart
{
    private readonly ISymbol[] _members;

    private OwnPart(ISymbol[] members, bool saysAccess)
    {
        _members = members;
        Model = new OwnPartModel(saysAccess, members.Select(static member => Names.Escape(member.Name)).Distinct().ToEquatableArray());
    }

    public OwnPartModel Model { get; }

    /// <summary>Null where there is none.</summary>
    /// <param name="beside">A class in the namespace that the stubs go to.</param>
    /// <param name="name">The stub class's name.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static OwnPart? Find(INamedTypeSymbol beside, string name, CancellationToken cancellationToken)
    {
        if (beside.ContainingNamespace.GetTypeMembers(name, 0).FirstOrDefault(static type => type is { IsStatic: true, IsFileLocal: false }) is not { } type) return null;
        SyntaxNode[] parts = PartsOf(type, cancellationToken);
        if (parts.Length == 0) return null;
        return new OwnPart(
            [.. type.GetMembers().Where(member => member.CanBeReferencedByName && IsIn(parts, member, cancellationToken))],
            parts.OfType<TypeDeclarationSyntax>().Any(static part => part.Modifiers.Any(SyntaxKind.PublicKeyword) || part.Modifiers.Any(SyntaxKind.InternalKeyword)));
    }

    /// <summary>The parts of a type that the user has written: analyzers see what the generator has made of the same code, too.</summary>
    public static SyntaxNode[] PartsOf(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        [.. type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)).Where(static part => !IsGenerated(part))];

    /// <summary>Whether a target's stub could not stand beside something here.</summary>
    public bool Excludes(IMethodSymbol target)
    {
        string[] types = [.. target.Parameters.Where(static parameter => ParameterParser.KindOf(parameter.Type).IsInStub()).Select(TypeOf)];
        return _members.Any(member => member.Name == target.Name
            && !(member is IMethodSymbol method && (method.Arity != 0 || !method.Parameters.Select(TypeOf).SequenceEqual(types))));
    }

    private static string TypeOf(IParameterSymbol parameter) => (parameter.RefKind == RefKind.None ? "" : "ref ") + TypeNames.Of(parameter.Type);

    private static bool IsGenerated(SyntaxNode part) =>
        part is TypeDeclarationSyntax declaration && declaration.AttributeLists.Any(static list => list.ToString().Contains("GeneratedCode(\"Procgen\""));

    /// <summary>In a part itself, or in an extension block of it.</summary>
    private static bool IsIn(IEnumerable<SyntaxNode> parts, ISymbol member, CancellationToken cancellationToken) =>
        member.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken).Ancestors().Any(parts.Contains));
}
