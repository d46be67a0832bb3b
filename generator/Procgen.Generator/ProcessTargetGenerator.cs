using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Analysis;
using Procgen.Generator.Emitting;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator;

/// <summary>
/// Marked methods and classes → models (Parsing) → stubs, codecs and one registration (Emitting). Nothing of Roslyn
/// leaves a transform, and every step has a name: tests assert which of them run again after an edit.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProcessTargetGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParsedSyntax<TargetModel>> targets = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Known.TargetAttribute,
                static (node, _) => node is not TypeDeclarationSyntax,
                static (marked, cancel) => ParsedSyntax.From(TargetParser.Parse(marked.TargetSymbol, marked.Attributes[0], marked.SemanticModel.Compilation, cancel)))
            .WithTrackingName(Steps.ParsedTargets);
        IncrementalValuesProvider<ParsedSyntax<ProcessClassModel>> classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Known.TargetAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (marked, cancel) => ParsedSyntax.From(ProcessClassParser.Parse(marked.TargetSymbol, marked.Attributes[0], marked.SemanticModel.Compilation, cancel)))
            .WithTrackingName(Steps.ParsedClasses);
        IncrementalValuesProvider<ParsedSyntax<ManagedClassModel>> managed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Known.ManagedObjectAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (marked, cancel) => ParsedSyntax.From(ManagedObjectParser.Parse(marked.TargetSymbol, marked.Attributes[0], marked.SemanticModel.Compilation, cancel)))
            .WithTrackingName(Steps.ParsedManaged);
        IncrementalValuesProvider<ParsedSyntax<HandleUseModel>> uses = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => HandleUseParser.IsCandidate(node),
                static (candidate, cancel) => HandleUseParser.Parse(candidate.Node, candidate.SemanticModel, cancel) is { } use ? ParsedSyntax.From(use) : null)
            .Where(static use => use is not null)
            .Select(static (use, _) => use!)
            .WithTrackingName(Steps.ParsedUses);
        IncrementalValueProvider<AssemblyModel?> assembly = context.CompilationProvider
            .Select(static (compilation, cancel) => AssemblyParser.Parse(compilation, cancel))
            .WithTrackingName(Steps.Assembly);
        IncrementalValueProvider<bool> namesManagers = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => ManagerUseParser.IsUse(node), static (_, _) => true)
            .Collect()
            .Select(static (uses, _) => !uses.IsEmpty)
            .WithTrackingName(Steps.NamedManagers);

        IncrementalValueProvider<EquatableArray<TargetModel>> allTargets = targets.Models(Steps.Targets).Collect()
            .Select(static (models, _) => models.ToEquatableArray());
        IncrementalValueProvider<EquatableArray<StubModel>> stubs = allTargets
            .Select(static (models, _) => StubGrouping.Group(models));
        IncrementalValueProvider<EquatableArray<ProcessClassFile>> files = classes.Models(Steps.Classes).Collect()
            .Select(static (models, _) => ProcessClassFile.For(models));
        IncrementalValueProvider<EquatableArray<ManagedClassModel>> allManaged = managed.Models(Steps.Managed).Collect()
            .Select(static (models, _) => models.ToEquatableArray());
        IncrementalValueProvider<EquatableArray<ManagedClassFile>> proxies = allManaged
            .Select(static (models, _) => ManagedClassFile.For(models));
        IncrementalValueProvider<EquatableArray<CodecModel>> codecs = targets.Codecs().Concat(classes.Codecs()).Concat(managed.Codecs()).Concat(uses.Codecs());
        IncrementalValueProvider<EquatableArray<RegisteredType>> registered = targets.HandleArguments().Concat(classes.HandleArguments())
            .Concat(managed.HandleArguments()).Concat(uses.HandleArguments())
            .Concat(uses.Models(Steps.Uses).Collect().Select(static (uses, _) => uses.SelectMany(static use => use.Types).ToEquatableArray()));
        IncrementalValueProvider<RegistrationModel?> registration = stubs.Combine(files).Combine(proxies).Combine(registered).Combine(assembly).Combine(namesManagers)
            .Select(static (parts, _) =>
            {
                (((((EquatableArray<StubModel> stubs, EquatableArray<ProcessClassFile> files), EquatableArray<ManagedClassFile> proxies), EquatableArray<RegisteredType> registered), AssemblyModel? assembly), bool namesManagers) = parts;
                return RegistrationModel.From(assembly, namesManagers, stubs, files, proxies, registered);
            })
            .WithTrackingName(Steps.Registration);
        IncrementalValueProvider<EquatableArray<DiagnosticInfo>> problems = targets.Problems().Concat(classes.Problems()).Concat(managed.Problems()).Concat(uses.Problems())
            .Concat(allTargets.Select(static (models, _) => StubGrouping.Problems(models)))
            .Concat(allManaged.Select(static (models, _) => ManagedClassFile.Problems(models)))
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (parts, _) => AnalyzerSwitch.IsOff(parts.Right) ? parts.Left : default)
            .WithTrackingName(Steps.Problems);

        context.RegisterSourceOutput(
            stubs.SelectMany(static (stubs, _) => stubs).WithTrackingName(Steps.Stub),
            static (output, stub) => output.AddSource(stub.HintName, StubEmitter.Emit(stub)));
        context.RegisterSourceOutput(
            files.SelectMany(static (files, _) => files).WithTrackingName(Steps.Class),
            static (output, file) => output.AddSource(file.HintName, ProcessClassEmitter.Emit(file.Class)));
        context.RegisterSourceOutput(
            proxies.SelectMany(static (proxies, _) => proxies).WithTrackingName(Steps.Proxy),
            static (output, proxy) => output.AddSource(proxy.HintName, ManagedProxyEmitter.Emit(proxy.Class)));
        context.RegisterSourceOutput(
            codecs.SelectMany(static (codecs, _) => codecs).WithTrackingName(Steps.Codec),
            static (output, codec) => output.AddSource(codec.HintName, CodecEmitter.EmitCodec(codec)));
        context.RegisterSourceOutput(registration, static (output, registration) =>
        {
            if (registration is not null) output.AddSource(RegistrationEmitter.HintName, RegistrationEmitter.Emit(registration));
        });
        context.RegisterSourceOutput(problems, static (output, problems) =>
        {
            foreach (DiagnosticInfo problem in problems) output.ReportDiagnostic(problem.ToDiagnostic());
        });
    }
}
