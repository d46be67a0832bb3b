using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>The exception types of [ProcessTarget(Throws = …)] and how the caller makes one from a message and an inner exception.</summary>
internal static class ThrowsParser
{
    public static EquatableArray<ThrowModel> Parse(AttributeData attribute, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        TypedConstant types = attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "Throws").Value;
        if (types.Kind != TypedConstantKind.Array || types.IsNull) return EquatableArray<ThrowModel>.Empty;
        ImmutableArray<TypeOfExpressionSyntax> places = attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken)
            .DescendantNodes().OfType<TypeOfExpressionSyntax>().ToImmutableArray() ?? [];

        ImmutableArray<ThrowModel>.Builder throws = ImmutableArray.CreateBuilder<ThrowModel>();
        for (int i = 0; i < types.Values.Length; i++)
        {
            if (types.Values[i].Value is not ITypeSymbol { TypeKind: not TypeKind.Error } type) continue;
            Location place = i < places.Length ? places[i].Type.GetLocation() : attribute.Place(cancellationToken) ?? Location.None;
            if (Obstacle(type, compilation) is { } obstacle)
                findings.Report(Diagnostics.ThrowsUnusable, place, Names.InMessage(type), obstacle);
            else if (Creation((INamedTypeSymbol)type, compilation) is { } create)
                throws.Add(new ThrowModel(Names.InExpression(type), create));
            else
                findings.Report(Diagnostics.ThrowsUnusable, place, Names.InMessage(type), "has no public constructor that takes a message, a message and an inner exception, or nothing, or several that differ in what may be left out");
        }

        return new(throws.ToImmutable());
    }

    private static string? Obstacle(ITypeSymbol type, Compilation compilation) => type switch
    {
        not INamedTypeSymbol => "is no exception",
        INamedTypeSymbol { IsUnboundGenericType: true } => "is an open generic type",
        _ when !type.IsOrDerivesFrom("System.Exception") => "is no exception",
        { IsAbstract: true } => "is abstract",
        _ when !Accessibility.IsReachable(type, compilation) => "is not accessible to the generated stub",
        _ => null,
    };

    /// <summary>A message counts most, then a message with an inner exception, then nothing, then whatever one string means. Where there is an inner exception, it counts too.</summary>
    private static string? Creation(INamedTypeSymbol type, Compilation compilation)
    {
        string made = $"new {Names.InExpression(type)}";
        IMethodSymbol? text = Chosen(type, 1, compilation);
        bool isMessage = text?.Parameters[0].Name.IndexOf("message", System.StringComparison.OrdinalIgnoreCase) >= 0;
        if (Chosen(type, 2, compilation) is not null) return isMessage ? $"inner is null ? {made}(message) : {made}(message, inner!)" : $"{made}(message, inner!)";
        if (!isMessage && Chosen(type, 0, compilation) is { } bare && !SymbolEqualityComparer.Default.Equals(bare, text)) return $"{made}()";
        return text is null ? null : $"{made}(message)";
    }

    /// <summary>The constructor that the compiler takes for nothing, a message, or a message and an inner exception; null where it can or may take none.</summary>
    private static IMethodSymbol? Chosen(INamedTypeSymbol type, int given, Compilation compilation)
    {
        IMethodSymbol[] fitting = [.. type.InstanceConstructors.Where(made => Takes(made.Parameters, given) && compilation.IsSymbolAccessibleWithin(made, compilation.Assembly))];
        if (!fitting.Any(static made => made.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public)) return null;
        // It prefers one with nothing left out; of several with something, it takes none.
        IMethodSymbol? chosen = fitting.FirstOrDefault(made => made.Parameters.Length == given) ?? (fitting is [var only] ? only : null);
        return chosen is not null && !chosen.IsForbidden() && TypeMembers.AreRequiredSetBy(chosen) ? chosen : null;
    }

    /// <summary>Whether nothing, a message, or a message and an inner exception is enough.</summary>
    private static bool Takes(ImmutableArray<IParameterSymbol> parameters, int given) =>
        parameters.Length >= given
        && (given < 1 || parameters[0].Type.SpecialType == SpecialType.System_String)
        && (given < 2 || parameters[1].Type.Is("System.Exception"))
        && parameters.Skip(given).All(static rest => rest.IsOptional);
}
