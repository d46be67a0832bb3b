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

/// <summary>What makes a type known.</summary>
/// <param name="Name">What reflection calls the type.</param>
/// <param name="Statement">Does that; it may take several lines.</param>
internal sealed record TypeRegistration(string Name, string Statement);

/// <summary>The one registration file of an assembly.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="MeetsManagers">Whether it may have to do with managers.</param>
/// <param name="Targets">Where its own targets are found.</param>
/// <param name="Proxies">What makes its own managed classes and the codecs of their proxies known.</param>
/// <param name="Codecs">What makes the codecs of types known that handles name.</param>
internal sealed record RegistrationModel(
    AssemblyModel Assembly, bool MeetsManagers, EquatableArray<TargetLookup> Targets, EquatableArray<TypeRegistration> Proxies, EquatableArray<TypeRegistration> Codecs)
{
    /// <summary>A library without targets needs none.</summary>
    public static RegistrationModel? From(
        AssemblyModel? assembly, bool namesManagers, EquatableArray<StubModel> stubs, EquatableArray<ProcessClassFile> classes,
        EquatableArray<ManagedClassFile> proxies, EquatableArray<RegisteredType> registered)
    {
        if (assembly is null) return null;
        EquatableArray<TargetLookup> targets = stubs.Select(StubEmitter.Lookup)
            .Concat(classes.Select(static file => ProcessClassEmitter.Lookup(file.Class)))
            .ToEquatableArray();
        EquatableArray<TypeRegistration> proxyTypes = proxies
            .Select(static file => new TypeRegistration(file.Class.Proxy.Name, ManagedProxyEmitter.RegisterStatement(file.Class)))
            .ToEquatableArray();
        var proxyNames = new HashSet<string>(proxies.Select(static file => $"global::{file.Class.Proxy.FullName}"));
        EquatableArray<TypeRegistration> codecs = registered.Where(type => !proxyNames.Contains(type.Type.Name)).OrderBy(static type => type.Type.Name, StringComparer.Ordinal)
            .Select(static type => CodecEmitter.RegisterStatement(type.Type) is { } statement ? new TypeRegistration(type.Name, statement) : null)
            .OfType<TypeRegistration>()
            .ToEquatableArray();
        return assembly.IsExecutable || targets.Count + proxyTypes.Count + codecs.Count != 0
            ? new(assembly, namesManagers || assembly.HasLibraries, targets, proxyTypes, codecs)
            : null;
    }
}
