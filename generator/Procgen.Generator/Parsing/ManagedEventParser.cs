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
/// An event of a managed class, which to its readers is a stream: of what a handler is given, without the sender and without
/// arguments that say nothing. One value is an item itself, several are a tuple.
/// </summary>
internal static class ManagedEventParser
{
    private const string EventArgs = "System.EventArgs";

    public static ManagedEventModel? Parse(IEventSymbol raised, string name, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        if (raised.Type is not INamedTypeSymbol { DelegateInvokeMethod: { } handler }) return findings.Refuse<ManagedEventModel>();
        Location place = PlaceOfType(raised, cancellationToken);
        if (!handler.ReturnsVoid)
        {
            findings.Report(Diagnostics.ReturnCannotCross, place, $"the result of '{name}'", Names.InMessage(handler.ReturnType), "nobody waits for what the readers of an event return");
            return null;
        }

        if (Accessibility.Unreachable(raised.Type, compilation) is { } remedy)
        {
            findings.Report(Diagnostics.ReturnCannotCross, place, $"event '{name}'", Names.InMessage(raised.Type), $"generated code cannot reach its delegate: {remedy}");
            return null;
        }

        if (handler.Parameters.FirstOrDefault(static parameter => parameter.RefKind != RefKind.None) is { } byReference)
        {
            findings.Report(Diagnostics.ParameterKind, place, byReference.Name, name, "passed by reference");
            return null;
        }

        int[] told = [.. Told(handler.Parameters)];
        (string TypeName, TypeModel Type)? item = ParseItem(raised, name, told, handler, place, compilation, findings, cancellationToken);
        return item is not var (typeName, type)
            ? null
            : new ManagedEventModel(
                Names.Escape(raised.Name), ManagedMemberParser.IdOf(raised), Obsolescence.Of(raised), Names.InExpression(raised.Type),
                handler.Parameters.Length, told.ToEquatableArray(), typeName, type);
    }

    private static IEnumerable<int> Told(ImmutableArray<IParameterSymbol> parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            bool isSender = i == 0 && parameters[i].Type.SpecialType == SpecialType.System_Object;
            if (!isSender && !parameters[i].Type.Is(EventArgs)) yield return i;
        }
    }

    private static (string TypeName, TypeModel Type)? ParseItem(
        IEventSymbol raised, string name, int[] told, IMethodSymbol handler, Location place, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        // Only that it was raised.
        if (told.Length == 0) return ($"global::{EventArgs}", new TypeModel($"global::{EventArgs}", TypeShape.Codec, "global::Procgen.CompilerServices.EmptyEventCodec.Instance"));
        ITypeSymbol[] types = [.. told.Select(i => ProxyTypes.Resolve(handler.Parameters[i].Type, compilation, cancellationToken))];
        if (types.Any(type => type.TypeKind == TypeKind.Error && !ProxyTypes.IsProxy(type, compilation, cancellationToken)))
        {
            findings.Refuse<ManagedEventModel>();
            return null;
        }

        ITypeSymbol item = told.Length == 1
            ? types[0]
            : compilation.CreateTupleTypeSymbol(
                [.. types], [.. told.Select(i => handler.Parameters[i].Name)], default, [.. types.Select(static type => type.NullableAnnotation)]);
        ParsedType parsed = TypeParser.Parse(item, compilation, cancellationToken);
        if (parsed.Type is null)
        {
            findings.Report(Diagnostics.ReturnCannotCross, place, parsed.Problem!, $"event '{name}'", Names.InMessage(raised.Type));
            return null;
        }

        findings.Add(parsed);
        return (Names.InSignature(item), parsed.Type);
    }

    private static Location PlaceOfType(IEventSymbol raised, CancellationToken cancellationToken) =>
        raised.DeclaringSyntaxReferences is not [var reference, ..]
            ? raised.Place()
            : reference.GetSyntax(cancellationToken) switch
            {
                EventDeclarationSyntax declared => declared.Type.GetLocation(),
                VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => declaration.Type.GetLocation(),
                _ => raised.Place(),
            };
}
