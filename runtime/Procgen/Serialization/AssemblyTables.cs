namespace Procgen.Serialization;

/// <summary>
/// What assemblies with generated code have of one kind, such as targets: of each assembly one function. A process needs little
/// of it, so what is registered at its start is only whom to ask. Thread-safe; to look takes no lock.
/// </summary>
/// <typeparam name="TLookup">Asks an assembly. A function rather than a class, whose constructor every process would compile.</typeparam>
/// <param name="ofTypes">Whether it is asked for what belongs to its own types: those of an assembly that is loaded again are others.</param>
internal sealed class AssemblyTables<TLookup>(bool ofTypes = false)
    where TLookup : Delegate
{
    private readonly object _gate = new();

    // Replaced as a whole. A plain array: what a worker needs at its start must not have to be compiled there.
    private volatile AssemblyTable<TLookup>[] _all = [];

    /// <summary>Those that were added so far, in that order.</summary>
    public ReadOnlySpan<AssemblyTable<TLookup>> All => _all;

    /// <summary>Adds an assembly's; adding it again changes nothing, also, unless it is of types, where the assembly itself was loaded again.</summary>
    public void Add(Type registration, TLookup lookup)
    {
        var table = new AssemblyTable<TLookup>(registration, lookup);
        lock (_gate)
        {
            AssemblyTable<TLookup>[] known = _all;
            foreach (AssemblyTable<TLookup> other in known)
            {
                if (ofTypes ? table.IsSameType(other) : table.IsSame(other)) return;
            }

            var all = new AssemblyTable<TLookup>[known.Length + 1];
            known.CopyTo(all, 0);
            all[^1] = table;
            _all = all;
        }
    }
}

/// <summary>What one assembly has of a kind.</summary>
/// <param name="registration">The class that registers it.</param>
/// <param name="lookup">Asks for it.</param>
internal sealed class AssemblyTable<TLookup>(Type registration, TLookup lookup)
    where TLookup : Delegate
{
    private readonly Type _registration = registration;

    // Boxed, so that it is read and written whole.
    private object? _moduleVersionId;

    public TLookup Lookup { get; } = lookup;

    /// <summary>Which build of which assembly it is.</summary>
    public Guid ModuleVersionId => (Guid)(_moduleVersionId ??= _registration.Module.ModuleVersionId);

    public bool IsSameType(AssemblyTable<TLookup> other) => _registration == other._registration;

    public bool IsSame(AssemblyTable<TLookup> other) => IsSameType(other)
        || (ModuleVersionId == other.ModuleVersionId && _registration.FullName == other._registration.FullName);
}
