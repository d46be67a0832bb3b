using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Procgen.CompilerServices;

/// <summary>The managed classes this process can host: a closed table that generated code fills when the first is looked for. Thread-safe.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ManagedTypeRegistry
{
    private static readonly List<Entry> Known = [];
    private static readonly object Gate = new();
    private static Action? _sources;

    private sealed record Entry(ulong Id, Type Proxy, Func<ManagedType> Get);

    /// <summary>Makes code known that registers classes, when one is looked for. Adding it again changes nothing.</summary>
    public static void AddSource(Action register)
    {
        lock (Gate)
        {
            if (_sources is null || Array.IndexOf(_sources.GetInvocationList(), register) < 0) _sources += register;
        }
    }

    /// <summary>Makes a class known; doing so again changes nothing. Its table is made when the first object is.</summary>
    public static void Register(ulong id, Type proxy, Func<ManagedType> get)
    {
        lock (Gate)
        {
            if (!Known.Exists(entry => entry.Proxy == proxy)) Known.Add(new Entry(id, proxy, get));
        }
    }

    /// <param name="build">The module version id of its assembly.</param>
    /// <param name="id">Its number.</param>
    /// <param name="type">The class.</param>
    /// <param name="hasOther">Whether another build of it is known.</param>
    internal static bool TryFind(Guid build, ulong id, [NotNullWhen(true)] out ManagedType? type, out bool hasOther)
    {
        Entry[] same;
        lock (Gate)
        {
            _sources?.Invoke();
            _sources = null;
            same = [.. Known.Where(entry => entry.Id == id)];
        }

        type = Array.Find(same, entry => entry.Proxy.Module.ModuleVersionId == build)?.Get();
        hasOther = type is null && same.Length != 0;
        return type is not null;
    }
}
