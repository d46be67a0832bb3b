using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Model;

/// <summary>What the transform leaves of a marked method: a target or nothing, its codecs, and what is wrong.</summary>
internal sealed record ParsedTarget(EquatableArray<TargetModel> Models, EquatableArray<CodecModel> Codecs, EquatableArray<DiagnosticInfo> Problems)
{
    public static ParsedTarget From(GeneratorAttributeSyntaxContext marked, CancellationToken cancellationToken)
    {
        if (marked.TargetSymbol is not IMethodSymbol method) return new(default, default, default);
        Parsed<TargetModel> parsed = TargetParser.Parse(method, marked.Attributes[0], marked.SemanticModel.Compilation, cancellationToken);
        EquatableArray<DiagnosticInfo> problems = parsed.Diagnostics.Select(DiagnosticInfo.From).ToEquatableArray();
        return parsed.Model is { } model
            ? new(new(ImmutableArray.Create(model)), parsed.Codecs, problems)
            : new(default, default, problems);
    }
}
