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
/// Wherever a queue, connection or managed collection is named or made: its type arguments need codecs, which generic code
/// finds by type only if they are registered. Type parameters are left to whoever fills them in.
/// </summary>
internal static class HandleUseParser
{
    private static readonly HashSet<string> Types =
        ["ProcessQueue", "Connection", "ManagedList", "ManagedDictionary", "ManagedValue", "ManagedArray"];

    private static readonly HashSet<string> Methods =
    [
        "ProcessPipe.Create", "ProcessListener.Accept", "ProcessListener.AcceptAsync", "ProcessClient.Connect", "ProcessClient.ConnectAsync",
        "ProcessManager.CreateList", "ProcessManager.CreateDictionary", "ProcessManager.CreateQueue", "ProcessManager.CreateValue", "ProcessManager.CreateArray",
        "ProcessManager.Publish", "ProcessManager.Find", "ProcessManager.TryFind",
        "ManagedNamespace.Get", "ManagedNamespace.Set",
    ];

    private static readonly HashSet<string> MethodNames = [.. Methods.Select(static name => name.Substring(name.IndexOf('.') + 1))];

    /// <summary>By its letters alone: asked of every node of every changed file.</summary>
    public static bool IsCandidate(SyntaxNode node) => node switch
    {
        GenericNameSyntax generic => Types.Contains(generic.Identifier.ValueText) || MethodNames.Contains(generic.Identifier.ValueText),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } } => MethodNames.Contains(name.Identifier.ValueText),
        _ => false,
    };

    /// <summary>A use with its types; null where the candidate is something else of that name.</summary>
    public static Parsed<HandleUseModel>? Parse(SyntaxNode node, SemanticModel semantics, CancellationToken cancellationToken)
    {
        SymbolInfo info = semantics.GetSymbolInfo(node, cancellationToken);
        // A proxy that is yet to be generated, as a type argument, leaves a candidate.
        ISymbol? symbol = info.Symbol ?? (info.CandidateSymbols is [var only] ? only : null);
        ImmutableArray<ITypeSymbol> arguments = TypeArguments(symbol);
        if (arguments.IsEmpty) return null;

        ParseFindings findings = new(semantics.Compilation.Assembly);
        ImmutableArray<RegisteredType>.Builder types = ImmutableArray.CreateBuilder<RegisteredType>();
        string handle = symbol is IMethodSymbol ? $"{symbol!.ContainingType.Name}.{symbol.Name}" : symbol!.Name;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (ContainsTypeParameter(arguments[i])) continue;
            if (arguments[i].TypeKind == TypeKind.Error && !ProxyTypes.IsProxy(arguments[i], semantics.Compilation, cancellationToken)) continue;
            ParsedType parsed = TypeParser.Parse(arguments[i], semantics.Compilation, cancellationToken);
            if (parsed.Type is { } type)
            {
                types.Add(new RegisteredType(TypeNames.InReflection(arguments[i]), type));
                findings.Add(parsed);
            }
            else
            {
                findings.Report(Diagnostics.TypeArgumentCannotCross, Place(node, i), parsed.Problem!, $"the type argument of {handle}", Names.InMessage(arguments[i]));
            }
        }

        return findings.Finish(new HandleUseModel(new(types.ToImmutable())));
    }

    /// <summary>What a handle type or a method that makes one is closed over; empty for any other symbol.</summary>
    public static ImmutableArray<ITypeSymbol> TypeArguments(ISymbol? symbol)
    {
        if (symbol?.ContainingNamespace is not { Name: "Procgen", ContainingNamespace.IsGlobalNamespace: true }) return [];
        return symbol switch
        {
            INamedTypeSymbol { IsUnboundGenericType: false } type when Types.Contains(type.Name) => type.TypeArguments,
            IMethodSymbol { MethodKind: MethodKind.Ordinary } method when Methods.Contains($"{method.ContainingType.Name}.{method.Name}") => method.TypeArguments,
            _ => [],
        };
    }

    private static Location Place(SyntaxNode node, int index) => node switch
    {
        GenericNameSyntax generic when index < generic.TypeArgumentList.Arguments.Count => generic.TypeArgumentList.Arguments[index].GetLocation(),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.GetLocation(),
        _ => node.GetLocation(),
    };

    private static bool ContainsTypeParameter(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol array => ContainsTypeParameter(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(ContainsTypeParameter) || (named.ContainingType is { } outer && ContainsTypeParameter(outer)),
        _ => false,
    };
}
