using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>A target's parameters: which the caller gives, which the worker does, and what is wrong with them.</summary>
internal static class ParameterParser
{
    public static ImmutableArray<ParameterModel> Parse(
        IMethodSymbol method, string target, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        ImmutableArray<ParameterModel>.Builder parameters = ImmutableArray.CreateBuilder<ParameterModel>(method.Parameters.Length);
        bool optionalFollow = true;
        for (int i = method.Parameters.Length - 1; i >= 0; i--)
        {
            IParameterSymbol parameter = method.Parameters[i];
            ParameterModel? model = Parse(parameter, target, optionalFollow, compilation, findings, cancellationToken);
            if (model is null) continue;
            if (model.IsInStub) optionalFollow &= model.Default.Length != 0 || parameter.IsParams;
            parameters.Insert(0, model);
        }

        return parameters.ToImmutable();
    }

    /// <summary>Where an argument of the type comes from.</summary>
    public static ParameterKind KindOf(ITypeSymbol type) =>
        type.Is(Known.CancellationToken) ? ParameterKind.CancellationToken
        : type.Is(Known.WorkerContext) ? ParameterKind.WorkerContext
        : type.Is(Known.Progress) ? ParameterKind.Progress
        : ParameterKind.Value;

    private static ParameterModel? Parse(
        IParameterSymbol parameter, string target, bool canBeOptional, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        ITypeSymbol type = ProxyTypes.Resolve(parameter.Type, compilation, cancellationToken);
        if (IsUnknown(type, compilation, cancellationToken)) return findings.Refuse<ParameterModel>();
        if (WhatItIs(parameter) is { } kind)
        {
            findings.Report(Diagnostics.ParameterKind, parameter.Place(), parameter.Name, target, kind);
            return null;
        }

        string name = Names.Escape(parameter.Name);
        string typeName = Names.InSignature(type);
        string key = TypeNames.Of(type);
        ParameterKind from = KindOf(type);
        if (!from.IsInStub()) return new ParameterModel(from, name, typeName, key);

        bool isProgress = from == ParameterKind.Progress;
        ITypeSymbol crossing = isProgress ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
        if (IsUnknown(crossing, compilation, cancellationToken)) return findings.Refuse<ParameterModel>();
        ParsedType parsed = isProgress
            ? TypeParser.Parse(crossing, compilation, cancellationToken)
            : TypeParser.Parse(parameter, compilation, cancellationToken);
        if (parsed.Type is null)
        {
            findings.Report(Diagnostics.ParameterCannotCross, parameter.Place(), parsed.Problem!, $"parameter '{parameter.Name}'", Names.InMessage(crossing));
            return null;
        }

        findings.Add(parsed);
        // `string s = null` is accepted of a target in code without nullable annotations; the stub has to say so.
        bool hidesNull = parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null }
            && type is { IsReferenceType: true, NullableAnnotation: not NullableAnnotation.Annotated };
        (string before, string defaultValue) = DefaultValues.Of(parameter, canBeOptional);
        return new ParameterModel(
            from,
            name,
            hidesNull ? typeName + "?" : typeName,
            key,
            parsed.Type,
            isProgress ? Names.InSignature(crossing) : null,
            before,
            defaultValue,
            hidesNull);
    }

    /// <summary>The compiler has said it.</summary>
    private static bool IsUnknown(ITypeSymbol type, Compilation compilation, CancellationToken cancellationToken) =>
        type.TypeKind == TypeKind.Error && !ProxyTypes.IsProxy(type, compilation, cancellationToken);

    private static string? WhatItIs(IParameterSymbol parameter) => parameter switch
    {
        { RefKind: RefKind.Ref } => "a ref parameter",
        { RefKind: RefKind.Out } => "an out parameter",
        { RefKind: RefKind.In } => "an in parameter",
        { RefKind: not RefKind.None } => "a ref readonly parameter",
        { Type.TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => "a pointer",
        { Type.TypeKind: TypeKind.Delegate } => "a delegate",
        { Type.SpecialType: SpecialType.System_Delegate or SpecialType.System_MulticastDelegate } => "a delegate",
        { Type.IsRefLikeType: true } => "a ref struct",
        { Type: var type } when type.IsOrDerivesFrom("System.Linq.Expressions.Expression") => "an expression",
        _ => null,
    };
}
