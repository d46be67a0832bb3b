using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>A marked class derived from ChildProcess → a <see cref="ProcessClassModel"/>, or what is wrong with it.</summary>
internal static class ProcessClassParser
{
    public static Parsed<ProcessClassModel> Parse(ISymbol marked, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        ParseFindings findings = new(compilation.Assembly);
        if (marked is not INamedTypeSymbol type) return findings.Finish<ProcessClassModel>(null);
        if (Misplacement(type) is { } misplacement)
        {
            findings.Report(Diagnostics.Misplaced, attribute.Place(cancellationToken) ?? type.Place(), "[ProcessTarget]", type.Name, misplacement, TargetParser.TargetPlaces);
            return findings.Finish<ProcessClassModel>(null);
        }

        string displayName = Names.OfTypeChain(type, ".");
        Accessibility.Check(type, displayName, findings);
        CheckShape(type, displayName, findings, cancellationToken);
        ImmutableArray<StateModel> members = ProcessStateParser.Parse(type, compilation, findings, cancellationToken);
        EquatableArray<ThrowModel> throws = ThrowsParser.Parse(attribute, compilation, findings, cancellationToken);
        if (findings.AnyErrors) return findings.Finish<ProcessClassModel>(null);

        string id = type.GetDocumentationCommentId() ?? displayName;
        return findings.Finish(new ProcessClassModel(
            Names.NamespaceOf(type),
            Declarations(type).Reverse().ToEquatableArray(),
            Names.InExpression(type),
            displayName,
            id,
            StableHash.Of(id + ".Run"),
            new(members),
            throws,
            type.GetMembers().Where(static member => member.CanBeReferencedByName).Select(static member => member.Name).Distinct().ToEquatableArray(),
            Known.SeesInternals(compilation)));
    }

    private static string? Misplacement(INamedTypeSymbol type) => type switch
    {
        _ when type.BaseType?.TypeKind == TypeKind.Error => null, // the compiler has said it
        _ when !type.IsOrDerivesFrom(Known.ChildProcess) => "a class that does not derive from ChildProcess",
        { IsAbstract: true } => "an abstract class",
        _ => null,
    };

    private static void CheckShape(INamedTypeSymbol type, string displayName, ParseFindings findings, CancellationToken cancellationToken)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (at.Arity != 0) findings.Report(Diagnostics.Generic, at.Place(), displayName, at.Equals(type, SymbolEqualityComparer.Default) ? "has type parameters" : $"is in the generic type {Names.InMessage(at)}");
            if (!at.IsPartial(cancellationToken)) findings.Report(Diagnostics.NotPartial, at.Place(), at.Name, at.Equals(type, SymbolEqualityComparer.Default) ? "it" : "a class inside it");
        }

        if (type.BaseType?.TypeKind == TypeKind.Error) findings.Refuse<ProcessClassModel>();
    }

    private static IEnumerable<string> Declarations(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            string keyword = at switch
            {
                { TypeKind: TypeKind.Interface } => "interface",
                { IsRecord: true, IsValueType: true } => "record struct",
                { IsRecord: true } => "record",
                { IsValueType: true } => "struct",
                _ => "class",
            };
            yield return $"partial {keyword} {Names.Escape(at.Name)}";
        }
    }
}
