using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Emitting;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator;

/// <summary>
/// Marked methods → models (Parsing) → stubs, codecs and one registration (Emitting). Nothing of Roslyn leaves a
/// transform, and every step has a name: tests assert which of them run again after an edit.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProcessTargetGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParsedTarget> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Known.TargetAttribute,
                static (node, _) => node is not TypeDeclarationSyntax,
                static (marked, cancellationToken) => ParsedTarget.From(marked, cancellationToken))
            .WithTrackingName(Steps.Targets);

        IncrementalValueProvider<EquatableArray<StubModel>> stubs = parsed
            .SelectMany(static (target, _) => target.Models)
            .Collect()
            .Select(static (targets, _) => StubGrouping.Group(targets))
            .WithTrackingName(Steps.Stubs);

        IncrementalValueProvider<AssemblyModel?> assembly = context.CompilationProvider
            .Select(static (compilation, cancellationToken) => AssemblyParser.Parse(compilation, cancellationToken))
            .WithTrackingName(Steps.Assembly);

        IncrementalValueProvider<RegistrationModel?> registration = stubs
            .Select(static (stubs, _) => stubs.Select(static stub => StubEmitter.RegisterStatement(stub)).ToEquatableArray())
            .Combine(assembly)
            .Select(static (parts, _) => RegistrationModel.From(parts.Right, parts.Left))
            .WithTrackingName(Steps.Registration);

        context.RegisterSourceOutput(
            stubs.SelectMany(static (stubs, _) => stubs).WithTrackingName(Steps.Stub),
            static (output, stub) => output.AddSource(stub.HintName, StubEmitter.Emit(stub)));
        context.RegisterSourceOutput(
            parsed.SelectMany(static (target, _) => target.Codecs).Collect().SelectMany(static (codecs, _) => codecs.Distinct().ToImmutableArray()).WithTrackingName(Steps.Codec),
            static (output, codec) => output.AddSource(codec.HintName, CodecEmitter.EmitCodec(codec)));
        context.RegisterSourceOutput(registration, static (output, registration) =>
        {
            if (registration is not null) output.AddSource(RegistrationEmitter.HintName, RegistrationEmitter.Emit(registration));
        });
    }
}
