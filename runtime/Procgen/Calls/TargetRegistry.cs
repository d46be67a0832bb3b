using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>
/// The targets this process can run: the closed tables that generated initializers have brought. Each target is made when it is
/// first asked for: a worker runs one of them, or a few, and to make them all at every start would take as long as all else
/// that a worker does there. Thread-safe.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TargetRegistry
{
    private static readonly AssemblyTables<Func<ulong, Target?>> Tables = new();

    /// <summary>Adds an assembly's targets; adding them again changes nothing.</summary>
    /// <param name="registration">The class that calls this.</param>
    /// <param name="find">The target of an id; null where there is none.</param>
    public static void Register(Type registration, Func<ulong, Target?> find) => Tables.Add(registration, find);

    internal static bool TryFind(Guid module, ulong id, [NotNullWhen(true)] out Target? target)
    {
        foreach (AssemblyTable<Func<ulong, Target?>> table in Tables.All)
        {
            target = table.ModuleVersionId == module ? table.Lookup(id) : null;
            if (target is not null) return true;
        }

        target = null;
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
