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
            (int rank, string arguments) = Rank(constructor.Parameters);
            string creation = $"new {Names.InExpression(type)}({arguments})";
            if (rank == RankWithInner) withInner = creation;
            if (rank < bestRank) (bestRank, best) = (rank, creation);
        }

        return bestRank < RankWithInner && withInner is not null ? $"inner is null ? {best} : {withInner}" : best;
    }

    private static (int Rank, string Arguments) Rank(ImmutableArray<IParameterSymbol> parameters)
    {
        bool takesText = parameters is [{ Type.SpecialType: SpecialType.System_String }, ..];
        if (takesText && parameters.Skip(1).All(static rest => rest.IsOptional))
            return (parameters[0].Name.IndexOf("message", System.StringComparison.OrdinalIgnoreCase) >= 0 ? 0 : 3, "message");
        if (takesText && parameters.Length == 2 && parameters[1].Type.Is("System.Exception")) return (RankWithInner, "message, inner!");
        return parameters.All(static parameter => parameter.IsOptional) ? (2, "") : (int.MaxValue, "");
    }
}
