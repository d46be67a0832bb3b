using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Procgen.CompilerServices;

/// <summary>The targets this process can run: a closed table that generated initializers fill.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TargetRegistry
{
    private static readonly ConcurrentDictionary<(Guid Module, ulong Id), Target> Known = new();

    /// <summary>Adds an assembly's targets; adding them again changes nothing.</summary>
    public static void Register(params ReadOnlySpan<Target> targets)
    {
        foreach (Target target in targets) Known[(target.ModuleVersionId, target.Id)] = target;
    }

    internal static bool TryFind(Guid module, ulong id, [NotNullWhen(true)] out Target? target) => Known.TryGetValue((module, id), out target);
}

/// <summary>On an assembly that has targets: the class whose <c>Register()</c> makes them known.</summary>
/// <param name="registration">A public static class with a public static parameterless <c>Register</c> method.</param>
[AttributeUsage(AttributeTargets.Assembly)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProcessTargetAssemblyAttribute(Type registration) : Attribute
{
    /// <summary>The generated registration class.</summary>
    public Type Registration { get; } = registration;
}
