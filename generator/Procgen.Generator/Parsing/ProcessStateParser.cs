using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>What of a process class crosses to the child: its public fields and properties, those of its base classes first.</summary>
internal static class ProcessStateParser
{
    public static ImmutableArray<StateModel> Parse(INamedTypeSymbol type, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        ImmutableArray<StateModel>.Builder members = ImmutableArray.CreateBuilder<StateModel>();
        foreach (TypeMember member in TypeMembers.Of(Levels(type), compilation))
        {
            ISymbol symbol = member.Symbol;
            if (member.Type.TypeKind == TypeKind.Error)
            {
                findings.Refuse<StateModel>();
                continue;
            }

            AccessorModel? accessor = null;
            if (!MemberAccess.IsSettable(symbol, type, compilation) || MemberAccess.IsInit(symbol))
            {
                accessor = MemberAccess.Find(members.Count, symbol, compilation);
                if (accessor is null) continue; // It is computed.
            }

            ParsedType parsed = TypeParser.Parse(member.Type, compilation, cancellationToken);
            if (MemberAccess.Obstacle(member, accessor, compilation) is { } why) parsed = new ParsedType(OutOfReach(symbol, why));
            if (parsed.Type is null)
            {
                Location place = (symbol.IsIn(compilation.Assembly) ? symbol : type).Place();
                findings.Report(Diagnostics.ParameterCannotCross, place, parsed.Problem!, $"member '{symbol.Name}'", Names.InMessage(member.Type));
                continue;
            }

            findings.Add(parsed);
            members.Add(new StateModel(Names.Escape(symbol.Name), member.DeclaredIn, Names.InSignature(member.Type), parsed.Type, accessor));
        }

        return members.ToImmutable();
    }

    /// <summary>Everything below ChildProcess, whose own state the runtime sends.</summary>
    private static Stack<INamedTypeSymbol> Levels(INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> chain = new();
        for (INamedTypeSymbol? at = type; at is not null && !at.Is(Known.ChildProcess); at = at.BaseType) chain.Push(at);
        return chain;
    }

    private static TypeProblem OutOfReach(ISymbol member, string why)
    {
        string path = $"{Names.InMessage(member.ContainingType)}.{member.Name}";
        return new TypeProblem(path, $"{path} {why}") { Member = member };
    }
}
