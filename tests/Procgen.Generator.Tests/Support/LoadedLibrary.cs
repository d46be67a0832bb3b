using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace Procgen.Generator.Tests.Support;

/// <summary>A library without generated code, as an assembly in this process that apps can be compiled against.</summary>
internal sealed record LoadedLibrary(MetadataReference Reference, Assembly Assembly)
{
    private static readonly Dictionary<string, Assembly> Known = [];

    static LoadedLibrary() => AppDomain.CurrentDomain.AssemblyResolve += static (_, wanted) =>
        Known.GetValueOrDefault(new AssemblyName(wanted.Name).Name!);

    public static LoadedLibrary Of(string source, string name)
    {
        using MemoryStream image = new();
        EmitResult emitted = AppCompilation.Of(source, name: name).Emit(image);
        Assert.That(emitted.Success, Is.True, string.Join('\n', emitted.Diagnostics));
        Assembly assembly = Assembly.Load(image.ToArray());
        Known.Add(name, assembly);
        return new LoadedLibrary(MetadataReference.CreateFromImage(image.ToArray()), assembly);
    }
}
