using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>
/// The public members of a managed class, its own first, then those of its base classes. Members of classes from other
/// assemblies that cannot cross are left out: nobody could change them.
/// </summary>
internal static class ManagedMemberParser
{
    public static EquatableArray<ManagedMemberModel> Parse(
        INamedTypeSymbol type, string displayName, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        ImmutableArray<ManagedMemberModel>.Builder members = ImmutableArray.CreateBuilder<ManagedMemberModel>();
        foreach (ISymbol member in Members(type))
        {
            bool isOurs = member.IsIn(compilation.Assembly);
            ParseFindings mine = isOurs ? findings : new ParseFindings(compilation.Assembly);
            string name = $"{displayName}.{(member is IPropertySymbol { IsIndexer: true } ? "this[]" : member.Name)}";
            ManagedMemberModel? model = member switch
            {
                IMethodSymbol method => ParseMethod(method, name, compilation, mine, cancellationToken),
                IEventSymbol raised => ManagedEventParser.Parse(raised, name, compilation, mine, cancellationToken),
                _ => ParseState(member, name, compilation, mine, cancellationToken),
            };
            if (model is null) continue;
            members.Add(model);
            if (!isOurs) findings.Add(mine);
        }

        return new(members.ToImmutable());
    }

    /// <summary>The parameters of a method, constructor or indexer.</summary>
    public static ImmutableArray<ParameterModel> Parameters(
        IMethodSymbol method, string name, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            string? why = parameter.Type switch
            {
                var type when type.Is(Known.Progress) => "a managed object reports no progress to one caller: raise an event, or return an IAsyncEnumerable",
                var type when type.Is(Known.WorkerContext) => "a manager's server is no worker",
                _ => null,
            };
            if (why is not null)
                findings.Report(Diagnostics.ParameterCannotCross, parameter.Place(), $"parameter '{parameter.Name}'", Names.InMessage(parameter.Type), why);
        }

        return ParameterParser.Parse(method, name, compilation, findings, cancellationToken);
    }

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        HashSet<string> seen = [];
        for (INamedTypeSymbol? at = type; at is { SpecialType: not SpecialType.System_Object }; at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers())
            {
                if (member is { IsStatic: false, DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public }
                    && IsMember(member)
                    && member.FindAttribute(Known.IgnoreAttribute) is null
                    && seen.Add(SignatureOf(member))) yield return member;
            }
        }
    }

    private static bool IsMember(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Ordinary, IsImplicitlyDeclared: false } method => !IsOfObject(method) && !IsDisposal(method),
        IPropertySymbol => true,
        IFieldSymbol { IsConst: false, IsImplicitlyDeclared: false } => true,
        IEventSymbol => true,
        _ => false,
    };

    /// <summary>ToString and its like are asked of the proxy itself.</summary>
    private static bool IsOfObject(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } overridden) method = overridden;
        return method.ContainingType.SpecialType == SpecialType.System_Object;
    }

    /// <summary>The server disposes its objects; a proxy's Dispose lets go of one.</summary>
    private static bool IsDisposal(IMethodSymbol method) => method is { Name: "Dispose" or "DisposeAsync", Parameters.IsEmpty: true };

    /// <summary>A member hides those of base classes, and overrides them.</summary>
    private static string SignatureOf(ISymbol member) => member switch
    {
        IMethodSymbol method => $"{method.Name}`{method.Arity}({string.Join(",", method.Parameters.Select(static parameter => TypeNames.Of(parameter.Type)))})",
        IPropertySymbol { IsIndexer: true } indexer => $"this[{string.Join(",", indexer.Parameters.Select(static parameter => TypeNames.Of(parameter.Type)))}]",
        _ => member.Name,
    };

    private static ManagedMethodModel? ParseMethod(IMethodSymbol method, string name, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        if (method.IsGenericMethod)
        {
            findings.Report(Diagnostics.Generic, method.Place(), name, "has type parameters");
            return null;
        }

        if (method.IsAsyncVoid()) findings.ReportDeclaration(Diagnostics.AsyncVoid, ReturnParser.Place(method, cancellationToken), method, name);
        if (method.IsVararg) findings.Report(Diagnostics.ParameterKind, method.Place(), "__arglist", name, "a variable argument list");
        ImmutableArray<ParameterModel> parameters = Parameters(method, name, compilation, findings, cancellationToken);
        ReturnModel? result = ReturnParser.Parse(method, name, sequencesAreStreams: false, compilation, findings, cancellationToken);
        return result is null || findings.AnyErrors
            ? null
            : new ManagedMethodModel(Names.Escape(method.Name), IdOf(method), Obsolescence.Of(method), IsPublic: true, result, new(parameters));
    }

    private static ManagedPropertyModel? ParseState(ISymbol member, string name, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        ITypeSymbol type = ProxyTypes.Resolve(TypeMembers.TypeOf(member), compilation, cancellationToken);
        if (type.TypeKind == TypeKind.Error && !ProxyTypes.IsProxy(type, compilation, cancellationToken)) return findings.Refuse<ManagedPropertyModel>();
        (ManagedAccessorModel? getter, ManagedAccessorModel? setter) = Accessors(member);
        if (getter is null && setter is null) return null;
        string what = member is IFieldSymbol ? $"field '{name}'" : $"property '{name}'";
        DiagnosticDescriptor descriptor = getter is not null ? Diagnostics.ReturnCannotCross : Diagnostics.ParameterCannotCross;
        Location place = PlaceOfType(member, cancellationToken);
        if (member is IPropertySymbol { RefKind: not RefKind.None })
        {
            findings.Report(descriptor, place, what, Names.InMessage(type), "it is returned by reference");
            return null;
        }

        ParsedType parsed = TypeParser.Parse(type, compilation, cancellationToken);
        if (parsed.Type is null)
        {
            findings.Report(descriptor, place, parsed.Problem!, what, Names.InMessage(type));
            return null;
        }

        findings.Add(parsed);
        ImmutableArray<ParameterModel> parameters = member is IPropertySymbol { IsIndexer: true } indexer
            ? Parameters((indexer.GetMethod ?? indexer.SetMethod)!, name, compilation, findings, cancellationToken)
            : [];
        // A setter's own parameter list ends with the value.
        if (member is IPropertySymbol { IsIndexer: true, GetMethod: null }) parameters = parameters.RemoveAt(parameters.Length - 1);
        return findings.AnyErrors
            ? null
            : new ManagedPropertyModel(
                Names.Escape(member.Name), IdOf(member), Obsolescence.Of(member), Names.InSignature(type), parsed.Type, new(parameters), getter, setter);
    }

    private static (ManagedAccessorModel? Getter, ManagedAccessorModel? Setter) Accessors(ISymbol member) => member is IPropertySymbol property
        ? (Accessor(property.Getter()), Accessor(property.Setter()))
        : (new ManagedAccessorModel(Obsolete: null), member is IFieldSymbol { IsReadOnly: false } ? new ManagedAccessorModel(Obsolete: null) : null);

    private static ManagedAccessorModel? Accessor(IMethodSymbol? accessor) =>
        accessor is { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public, IsInitOnly: false } ? new ManagedAccessorModel(Obsolescence.Of(accessor)) : null;

    private static Location PlaceOfType(ISymbol member, CancellationToken cancellationToken) =>
        member.DeclaringSyntaxReferences is not [var reference, ..]
            ? member.Place()
            : reference.GetSyntax(cancellationToken) switch
            {
                BasePropertyDeclarationSyntax property => property.Type.GetLocation(),
                VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => declaration.Type.GetLocation(),
                ParameterSyntax { Type: { } parameter } => parameter.GetLocation(),
                _ => member.Place(),
            };

    internal static string IdOf(ISymbol member) => member.GetDocumentationCommentId() ?? member.Name;
}
