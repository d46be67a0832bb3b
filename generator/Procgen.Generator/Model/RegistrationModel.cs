using System;
using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Emitting;

namespace Procgen.Generator.Model;

/// <summary>What the compilation as a whole says: how its registration is named and what it must call.</summary>
/// <param name="Namespace">The namespace of the registration class, from the assembly's name.</param>
/// <param name="IsExecutable">Whether processes start with this assembly.</param>
/// <param name="References">The registration classes of the referenced assemblies that have targets.</param>
/// <param name="TakesOver">Whether the runtime has an entry for workers that start without a startup hook.</param>
/// <param name="HasLibraries">Whether something that it references uses Procgen: for what is not known.</param>
internal sealed record AssemblyModel(string Namespace, bool IsExecutable, EquatableArray<string> References, bool TakesOver, bool HasLibraries);

/// <summary>The one registration file of an assembly.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="MeetsManagers">Whether it may have to do with managers.</param>
/// <param name="Targets">Where its own targets are found.</param>
/// <param name="Statements">What makes all else that is its own known.</param>
internal sealed record RegistrationModel(AssemblyModel Assembly, bool MeetsManagers, EquatableArray<TargetLookup> Targets, EquatableArray<string> Statements)
{
    /// <summary>A library without targets needs none.</summary>
    public static RegistrationModel? From(
        AssemblyModel? assembly, bool namesManagers, EquatableArray<StubModel> stubs, EquatableArray<ProcessClassFile> classes,
        EquatableArray<ManagedClassFile> proxies, EquatableArray<TypeModel> registered)
    {
        if (assembly is null) return null;
        IEnumerable<string> codecs = registered.OrderBy(static type => type.Name, StringComparer.Ordinal)
            .Select(CodecEmitter.RegisterStatement)
            .OfType<string>();
        EquatableArray<TargetLookup> targets = stubs.Select(StubEmitter.Lookup)
            .Concat(classes.Select(static file => ProcessClassEmitter.Lookup(file.Class)))
            .ToEquatableArray();
        EquatableArray<string> statements = proxies.Select(static file => ManagedProxyEmitter.RegisterStatement(file.Class))
            .Concat(codecs)
            .ToEquatableArray();
        return assembly.IsExecutable || targets.Count + statements.Count != 0
            ? new(assembly, namesManagers || assembly.HasLibraries, targets, statements)
            : null;
    }
}
