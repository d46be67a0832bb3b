using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Procgen.CompilerServices;

/// <summary>The targets this process can run: the closed tables that generated initializers have brought.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TargetRegistry
{
    private static readonly object Gate = new();

    // Replaced as a whole. A plain array: what a worker needs at its start must not have to be compiled there.
    private static TargetTable[] _tables = [];
    private static Action? _registerRest;

    /// <summary>Adds an assembly's targets; adding them again changes nothing.</summary>
    public static void Register(TargetTable table)
    {
        lock (Gate)
        {
            // The same assembly may have been loaded twice: the first one stays.
            foreach (TargetTable known in _tables)
            {
                if (known.Ids.SequenceEqual(table.Ids) && known.ModuleVersionId == table.ModuleVersionId) return;
            }

            TargetTable[] tables = new TargetTable[_tables.Length + 1];
            _tables.CopyTo(tables, 0);
            tables[^1] = table;
            Volatile.Write(ref _tables, tables);
        }
    }

    /// <summary>Has <paramref name="register"/> called when a target is not found, once: few workers need the targets that it adds.</summary>
    internal static void RegisterWhenMissed(Action register) => Volatile.Write(ref _registerRest, register);

    internal static bool TryFind(Guid module, ulong id, [NotNullWhen(true)] out Target? target)
    {
        if (TryFindRegistered(module, id, out target)) return true;
        lock (Gate)
        {
            _registerRest?.Invoke();
            _registerRest = null;
        }

        return TryFindRegistered(module, id, out target);
    }

    private static bool TryFindRegistered(Guid module, ulong id, [NotNullWhen(true)] out Target? target)
    {
        foreach (TargetTable table in Volatile.Read(ref _tables))
        {
            target = table.ModuleVersionId == module ? table.Find(id) : null;
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
