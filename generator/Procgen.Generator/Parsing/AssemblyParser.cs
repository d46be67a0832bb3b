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
        return new AssemblyModel(
            "Procgen.Generated." + Names.OfAssembly(compilation.AssemblyName),
            isExecutable,
            isExecutable ? Registrations(compilation, attribute, cancellationToken).ToEquatableArray() : EquatableArray<string>.Empty,
            isExecutable && compilation.GetTypeByMetadataName(Known.WorkerEntry) is not null);
    }

    private static IEnumerable<string> Registrations(Compilation compilation, INamedTypeSymbol attribute, CancellationToken cancellationToken)
    {
        string procgen = attribute.ContainingAssembly.Name;
        foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols.OrderBy(static assembly => assembly.Name, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Attributes of assemblies that do not even know Procgen need not be decoded.
            if (!assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == procgen))) continue;
            foreach (AttributeData marker in assembly.GetAttributes())
            {
                if (marker.AttributeClass is { } type && type.Is(Known.AssemblyAttribute) && marker.ConstructorArguments is [{ Value: INamedTypeSymbol registration }])
                    yield return Names.InExpression(registration);
            }
        }
    }
}
