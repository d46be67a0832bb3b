using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Procgen.CompilerServices;

/// <summary>The targets this process can run: a closed table that generated initializers fill.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TargetRegistry
{
    // Keyed by a plain number, under a lock: with a key of our own or a concurrent table, the runtime would have to compile
    // the table's code at every start of a worker. Targets of the same number from several assemblies are chained.
    private static readonly Dictionary<ulong, Target> Known = [];
    private static Action? _registerRest;

    /// <summary>Adds a target; adding it again changes nothing.</summary>
    public static void Register(Target target)
    {
        lock (Known)
        {
            if (Known.TryGetValue(target.Id, out Target? first))
            {
                if (IsChained(first, target)) return;
                target.Next = first;
            }

            Known[target.Id] = target;
        }
    }

    /// <summary>Has <paramref name="register"/> called when a target is not found, once: few workers need the targets that it adds.</summary>
    internal static void RegisterWhenMissed(Action register) => Volatile.Write(ref _registerRest, register);

    internal static bool TryFind(Guid module, ulong id, [NotNullWhen(true)] out Target? target)
    {
        lock (Known) Known.TryGetValue(id, out target);
        while (target is not null && target.ModuleVersionId != module) target = target.Next;
        if (target is not null) return true;
        if (Interlocked.Exchange(ref _registerRest, null) is not { } register) return false;
        register();
        return TryFind(module, id, out target);
    }

    private static bool IsChained(Target? chain, Target target)
    {
        for (; chain is not null; chain = chain.Next)
        {
            if (chain.ModuleVersionId == target.ModuleVersionId) return true;
        }

        return false;
    }
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
