using System;
using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Emitting;

namespace Procgen.Generator.Model;

/// <summary>What the compilation as a whole says: how its registration is named and what it must call.</summary>
/// <param name="Namespace">The namespace of the registration class, from the assembly's name.</param>
/// <param name="IsExecutable">Whether processes start with this assembly.</param>
/// <param name="Libraries">The referenced assemblies that have targets.</param>
/// <param name="TakesOver">Whether the runtime has an entry for workers that start without a startup hook.</param>
/// <param name="HasLibraries">Whether something that it references uses Procgen: for what is not known.</param>
internal sealed record AssemblyModel(string Namespace, bool IsExecutable, EquatableArray<LibraryModel> Libraries, bool TakesOver, bool HasLibraries);

/// <summary>A referenced assembly with a registration of its own.</summary>
/// <param name="Alias">What its names begin with: <c>global</c>, or the extern alias that alone leads to them.</param>
/// <param name="Registration">The registration class as emitted code names it.</param>
internal sealed record LibraryModel(string Alias, string Registration)
{
    public const string Global = "global";
}

/// <summary>A codec that generic code finds.</summary>
/// <param name="Name">What reflection calls its type.</param>
/// <param name="TypeName">The type in emitted code.</param>
/// <param name="Codec">An expression of the codec.</param>
internal sealed record CodecRegistration(string Name, string TypeName, string Codec);

/// <summary>The one registration file of an assembly.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="MeetsManagers">Whether it may have to do with managers.</param>
/// <param name="Targets">Where its own targets are found.</param>
/// <param name="ManagedTypes">Where its own managed classes are found.</param>
/// <param name="Codecs">The codecs of their proxies, and of the types that handles name.</param>
internal sealed record RegistrationModel(
    AssemblyModel Assembly, bool MeetsManagers, EquatableArray<IdCase> Targets, EquatableArray<IdCase> ManagedTypes, EquatableArray<CodecRegistration> Codecs)
{
    /// <summary>A library without targets needs none.</summary>
    public static RegistrationModel? From(
        AssemblyModel? assembly, bool namesManagers, EquatableArray<StubModel> stubs, EquatableArray<ProcessClassFile> classes,
        EquatableArray<ManagedClassFile> proxies, EquatableArray<RegisteredType> registered)
    {
        if (assembly is null) return null;
        EquatableArray<IdCase> targets = stubs.SelectMany(StubEmitter.Lookup)
            .Concat(classes.Select(static file => ProcessClassEmitter.Lookup(file.Class)))
            .ToEquatableArray();
        EquatableArray<IdCase> managedTypes = proxies.Select(static file => ManagedProxyEmitter.Lookup(file.Class)).ToEquatableArray();
        var proxyNames = new HashSet<string>(proxies.Select(static file => $"global::{file.Class.Proxy.FullName}"));
        EquatableArray<CodecRegistration> codecs = proxies.Select(static file => ManagedProxyEmitter.Codec(file.Class))
            .Concat(registered.Where(type => !type.Type.IsBuiltIn && !proxyNames.Contains(type.Type.Name))
                .OrderBy(static type => type.Type.Name, StringComparer.Ordinal)
                .Select(static type => new CodecRegistration(type.Name, type.Type.Name, type.Type.Codec)))
            .ToEquatableArray();
        return assembly.IsExecutable || targets.Count + managedTypes.Count + codecs.Count != 0
            ? new(assembly, namesManagers || assembly.HasLibraries, targets, managedTypes, codecs)
            : null;
    }
}
