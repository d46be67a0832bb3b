using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>
/// The managed classes this process can host: the closed tables that generated initializers have brought. What a class consists
/// of is made when its first object is. Thread-safe.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ManagedTypeRegistry
{
    private static readonly AssemblyTables<Func<ulong, ManagedType?>> Tables = new();

    /// <summary>Adds an assembly's managed classes; adding them again changes nothing.</summary>
    /// <param name="registration">The class that calls this.</param>
    /// <param name="find">The class of an id; null where there is none.</param>
    public static void Register(Type registration, Func<ulong, ManagedType?> find) => Tables.Add(registration, find);

    /// <param name="build">The module version id of its assembly.</param>
    /// <param name="id">Its number.</param>
    /// <param name="type">The class.</param>
    internal static bool TryFind(Guid build, ulong id, [NotNullWhen(true)] out ManagedType? type)
    {
        foreach (AssemblyTable<Func<ulong, ManagedType?>> table in Tables.All)
        {
            type = table.ModuleVersionId == build ? table.Lookup(id) : null;
            if (type is not null) return true;
        }

        type = null;
        return false;
    }

    /// <summary>Whether it is known in some build.</summary>
    internal static bool IsKnown(ulong id)
    {
        foreach (AssemblyTable<Func<ulong, ManagedType?>> table in Tables.All)
        {
            try
            {
                if (table.Lookup(id) is not null) return true;
            }
            catch (Exception)
            {
                return true; // But it cannot be made.
            }
        }

        return false;
    }
}
