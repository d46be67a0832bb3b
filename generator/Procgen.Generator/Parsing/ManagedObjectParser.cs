using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>A class marked [ManagedObject] → a <see cref="ManagedClassModel"/>, or what is wrong with it. Used by the generator and the analyzer.</summary>
internal static class ManagedObjectParser
{
    public static Parsed<ManagedClassModel> Parse(ISymbol marked, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        ParseFindings findings = new(compilation.Assembly);
        if (marked is not INamedTypeSymbol type) return findings.Finish<ManagedClassModel>(null);
        if (Misplacement(type) is { } misplacement)
        {
            findings.Report(
                Diagnostics.Misplaced, attribute.Place(cancellationToken) ?? type.Place(), "[ManagedObject]", type.Name, misplacement,
                "a class whose objects can be made by a constructor");
            return findings.Finish<ManagedClassModel>(null);
        }

        string displayName = Names.OfTypeChain(type, ".");
        bool isPublic = Accessibility.Check(type, displayName, findings);
        if (Known.GenericAround(type) is { } generic)
        {
            string how = SymbolEqualityComparer.Default.Equals(generic, type) ? "has type parameters" : $"is in the generic type {Names.InMessage(generic)}";
            findings.Report(Diagnostics.Generic, type.Place(), displayName, how);
            return findings.Finish<ManagedClassModel>(null);
        }

        if (type.BaseType?.TypeKind == TypeKind.Error) findings.Refuse<ManagedClassModel>();
        EquatableArray<ManagedMethodModel> constructors = Constructors(type, displayName, compilation, findings, cancellationToken);
        EquatableArray<ManagedMemberModel> members = ManagedMemberParser.Parse(type, displayName, compilation, findings, cancellationToken);
        if (findings.AnyErrors) return findings.Finish<ManagedClassModel>(null);

        string id = type.GetDocumentationCommentId() ?? displayName;
        ManagedClassModel model = new(
            new StubClass(Names.NamespaceOf(type), Names.OfTypeChain(type, "") + ProxyTypes.Suffix),
            isPublic,
            Names.InExpression(type),
            displayName,
            id,
            StableHash.Of(id + ProxyTypes.Suffix),
            attribute.NamedArguments.Any(static argument => argument is { Key: "Serialized", Value.Value: true }),
            constructors,
            members,
            Obsolescence.Around(type),
            Known.SeesInternals(compilation));
        CheckNames(type, model, findings, cancellationToken);
        return findings.Finish(findings.AnyErrors ? null : model);
    }

    private static void CheckNames(INamedTypeSymbol type, ManagedClassModel model, ParseFindings findings, CancellationToken cancellationToken)
    {
        if (model.Members.Any(member => member.Name == model.Proxy.Name))
            findings.Report(Diagnostics.SameStub, type.Place(), model.DisplayName, $"a proxy {model.Proxy.Name}, which cannot have a member of its own name");
        foreach (string name in new[] { model.Proxy.Name, model.Extensions })
        {
            if (TakenNames.Has(type, name, canBePartial: false, cancellationToken))
                findings.Report(Diagnostics.SameStub, type.Place(), model.DisplayName, $"a class {name} beside it, and there is one of your own");
        }
    }

    private static string? Misplacement(INamedTypeSymbol type) => type switch
    {
        { IsStatic: true } => "a static class",
        { IsAbstract: true } => "an abstract class",
        _ when type.IsOrDerivesFrom(Known.ChildProcess) || type.IsOrDerivesFrom(Known.ProcessPool) => $"{TypeNames.WithArticle(type)}, which belongs to the process that made it",
        _ when type.IsOrDerivesFrom(Known.ManagedProxy) => "a proxy itself",
        _ when !type.InstanceConstructors.Any(TypeMembers.AreRequiredSetBy) => "a class with required members, which no constructor sets",
        _ => null,
    };

    private static EquatableArray<ManagedMethodModel> Constructors(
        INamedTypeSymbol type, string displayName, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        IMethodSymbol[] reachable =
        [
            .. type.InstanceConstructors.Where(made =>
                made.DeclaredAccessibility is Microsoft.CodeAnalysis.Accessibility.Public or Microsoft.CodeAnalysis.Accessibility.Internal or Microsoft.CodeAnalysis.Accessibility.ProtectedOrInternal
                && TypeMembers.AreRequiredSetBy(made)),
        ];
        if (reachable.Length == 0)
        {
            IMethodSymbol hidden = type.InstanceConstructors.First(TypeMembers.AreRequiredSetBy);
            string obstacle = hidden.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Private ? "private" : "protected";
            findings.ReportDeclaration(Diagnostics.NotAccessible, hidden.Place(), hidden, $"{displayName}'s constructor", obstacle, displayName);
        }

        ImmutableArray<ManagedMethodModel>.Builder constructors = ImmutableArray.CreateBuilder<ManagedMethodModel>(reachable.Length);
        foreach (IMethodSymbol made in reachable)
        {
            constructors.Add(new ManagedMethodModel(
                "New",
                made.GetDocumentationCommentId() ?? displayName,
                Obsolescence.Of(made),
                made.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public,
                new ReturnModel(ReturnKind.Void),
                new(ManagedMemberParser.Parameters(made, displayName, compilation, findings, cancellationToken))));
        }

        return new(constructors.ToImmutable());
    }
}
