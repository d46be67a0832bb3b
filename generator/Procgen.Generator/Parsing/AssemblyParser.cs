using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>A compilation → what its registration needs to know; null where Procgen is not referenced.</summary>
internal static class AssemblyParser
{
    public static AssemblyModel? Parse(Compilation compilation, CancellationToken cancellationToken)
    {
        if (compilation.GetTypeByMetadataName(Known.AssemblyAttribute) is not { } attribute) return null;
        bool isExecutable = compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication or OutputKind.WindowsRuntimeApplication;
        IAssemblySymbol[] libraries = isExecutable ? Libraries(compilation, attribute.ContainingAssembly.Name, cancellationToken) : [];
        return new AssemblyModel(
            "Procgen.Generated." + Names.OfAssembly(compilation.AssemblyName),
            isExecutable,
            libraries.SelectMany(library => Registrations(library, AliasOf(library, compilation))).ToEquatableArray(),
            isExecutable && compilation.GetTypeByMetadataName(Known.WorkerEntry) is not null,
            libraries.Length != 0);
    }

    /// <summary>
    /// The referenced assemblies that know Procgen: attributes of others need not be decoded. The package's own entry assembly
    /// is none of them, though it lies in the package where compilers find it.
    /// </summary>
    private static IAssemblySymbol[] Libraries(Compilation compilation, string procgen, CancellationToken cancellationToken) =>
    [
        .. compilation.SourceModule.ReferencedAssemblySymbols
            .Where(assembly =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return assembly.Name != Known.EntryAssembly && assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == procgen));
            })
            .OrderBy(static assembly => assembly.Name, StringComparer.Ordinal),
    ];

    private static string AliasOf(IAssemblySymbol assembly, Compilation compilation) =>
        Accessibility.AliasOf(assembly, compilation) is { } alias ? Names.Escape(alias) : LibraryModel.Global;

    private static IEnumerable<LibraryModel> Registrations(IAssemblySymbol assembly, string alias)
    {
        foreach (AttributeData marker in assembly.GetAttributes())
        {
            if (marker.AttributeClass is { } type && type.Is(Known.AssemblyAttribute) && marker.ConstructorArguments is [{ Value: INamedTypeSymbol registration }])
                yield return new LibraryModel(alias, alias + Names.InExpression(registration).Substring(LibraryModel.Global.Length));
        }
    }
}
