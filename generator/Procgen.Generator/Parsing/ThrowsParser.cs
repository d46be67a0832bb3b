using System.Collections.Generic;
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
    private const int RankWithInner = 1;

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
            else if (Creation((INamedTypeSymbol)type) is { } create)
                throws.Add(new ThrowModel(Names.InExpression(type), create));
            else
                findings.Report(Diagnostics.ThrowsUnusable, place, Names.InMessage(type), "has no public constructor that takes a message, a message and an inner exception, or nothing");
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
    private static string? Creation(INamedTypeSymbol type)
    {
        string? best = null;
        string? withInner = null;
        int bestRank = int.MaxValue;
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            if (constructor.DeclaredAccessibility != Microsoft.CodeAnalysis.Accessibility.Public || constructor.IsForbidden() || !TypeMembers.AreRequiredSetBy(constructor)) continue;
            foreach ((int rank, string arguments) in Ways(constructor.Parameters))
            {
                string creation = $"new {Names.InExpression(type)}({arguments})";
                if (rank == RankWithInner) withInner = creation;
                if (rank < bestRank) (bestRank, best) = (rank, creation);
            }
        }

        return bestRank < RankWithInner && withInner is not null ? $"inner is null ? {best} : {withInner}" : best;
    }

    /// <summary>How a constructor can be called, and how much that counts: the less, the more.</summary>
    private static IEnumerable<(int Rank, string Arguments)> Ways(ImmutableArray<IParameterSymbol> parameters)
    {
        if (Takes(parameters, 2)) yield return (RankWithInner, "message, inner!");
        if (Takes(parameters, 1)) yield return (parameters[0].Name.IndexOf("message", System.StringComparison.OrdinalIgnoreCase) >= 0 ? 0 : 3, "message");
        else if (Takes(parameters, 0)) yield return (2, "");
    }

    /// <summary>Whether nothing, a message, or a message and an inner exception is enough.</summary>
    private static bool Takes(ImmutableArray<IParameterSymbol> parameters, int given) =>
        parameters.Length >= given
        && (given < 1 || parameters[0].Type.SpecialType == SpecialType.System_String)
        && (given < 2 || parameters[1].Type.Is("System.Exception"))
        && parameters.Skip(given).All(static rest => rest.IsOptional);
}
