using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Parsing;

/// <summary>The runtime's codecs by the type that they are for.</summary>
internal static class TypeTable
{
    public const string List = "ListCodec";
    public const string KeyValuePair = "KeyValuePairCodec";
    public const string PriorityQueue = "PriorityQueueCodec";

    private static readonly Dictionary<string, string> Codecs = new()
    {
        ["System.Uri"] = "TextCodecs.Uri",
        ["System.Globalization.CultureInfo"] = "TextCodecs.CultureInfo",
        ["System.TimeZoneInfo"] = "TextCodecs.TimeZoneInfo",
        ["System.Version"] = "VersionCodec.Instance",
        ["System.Text.StringBuilder"] = "StringBuilderCodec.Instance",
        ["System.Numerics.BigInteger"] = "BigIntegerCodec.Instance",
        ["System.Collections.BitArray"] = "BitArrayCodec.Instance",
    };

    private static readonly Dictionary<string, string> Factories = new()
    {
        ["System.Collections.Generic.List"] = List,
        ["System.Collections.Generic.Dictionary"] = "DictionaryCodec",
        ["System.Collections.Generic.KeyValuePair"] = KeyValuePair,
        ["System.Collections.Generic.PriorityQueue"] = PriorityQueue,
        ["System.Lazy"] = "LazyCodec",
        ["System.Linq.IGrouping"] = "GroupingCodec",
        ["System.Linq.ILookup"] = "LookupCodec",
    };

    /// <summary>Types whose factory bears their name.</summary>
    private static readonly Dictionary<string, string[]> Named = new()
    {
        ["MemoryCodecs"] =
        [
            "System.Memory", "System.ReadOnlyMemory", "System.ArraySegment",
            "System.Buffers.ReadOnlySequence", "System.Collections.Immutable.ImmutableArray",
        ],
        ["CollectionCodecs"] =
        [
            "System.Collections.Generic.Stack", "System.Collections.Generic.Queue", "System.Collections.Generic.HashSet",
            "System.Collections.Generic.SortedSet", "System.Collections.Generic.LinkedList", "System.Collections.Generic.IEnumerable",
            "System.Collections.Generic.ICollection", "System.Collections.Generic.IList", "System.Collections.Generic.IReadOnlyCollection",
            "System.Collections.Generic.IReadOnlyList", "System.Collections.Generic.ISet", "System.Collections.Generic.IReadOnlySet",
            "System.Collections.ObjectModel.Collection", "System.Collections.ObjectModel.ReadOnlyCollection",
            "System.Collections.ObjectModel.ObservableCollection", "System.Collections.ObjectModel.ReadOnlyObservableCollection",
            "System.Collections.ObjectModel.ReadOnlySet",
            "System.Collections.Concurrent.ConcurrentQueue", "System.Collections.Concurrent.ConcurrentStack",
            "System.Collections.Concurrent.ConcurrentBag", "System.Collections.Concurrent.BlockingCollection",
            "System.Collections.Immutable.ImmutableList", "System.Collections.Immutable.IImmutableList",
            "System.Collections.Immutable.ImmutableHashSet", "System.Collections.Immutable.IImmutableSet",
            "System.Collections.Immutable.ImmutableSortedSet", "System.Collections.Immutable.ImmutableQueue",
            "System.Collections.Immutable.IImmutableQueue", "System.Collections.Immutable.ImmutableStack",
            "System.Collections.Immutable.IImmutableStack", "System.Collections.Frozen.FrozenSet",
        ],
        ["DictionaryCodecs"] =
        [
            "System.Collections.Generic.SortedDictionary", "System.Collections.Generic.SortedList", "System.Collections.Generic.OrderedDictionary",
            "System.Collections.Generic.IDictionary", "System.Collections.Generic.IReadOnlyDictionary",
            "System.Collections.ObjectModel.ReadOnlyDictionary", "System.Collections.Concurrent.ConcurrentDictionary",
            "System.Collections.Immutable.ImmutableDictionary", "System.Collections.Immutable.IImmutableDictionary",
            "System.Collections.Immutable.ImmutableSortedDictionary", "System.Collections.Frozen.FrozenDictionary",
        ],
    };

    private static readonly HashSet<string> BuiltInScalars =
    [
        "System.Int128", "System.UInt128", "System.Half", "System.Guid", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly",
        "System.TimeSpan", "System.Text.Rune", "System.Index", "System.Range", "System.Numerics.Complex",
    ];

    static TypeTable()
    {
        foreach (KeyValuePair<string, string[]> group in Named)
        {
            foreach (string type in group.Value) Factories.Add(type, $"{group.Key}.{type.Substring(type.LastIndexOf('.') + 1)}");
        }
    }

    /// <summary>Whether the runtime knows the codec without being told.</summary>
    public static bool IsBuiltInScalar(INamedTypeSymbol type) =>
        type.Arity == 0 && type.TypeKind != TypeKind.Enum && (type.SpecialType != SpecialType.None || BuiltInScalars.Contains(TypeNames.InFull(type)));

    /// <summary>The codec of a type without type arguments; null where there is none.</summary>
    public static string? FindCodec(INamedTypeSymbol type) =>
        type.Arity == 0 && Codecs.TryGetValue(TypeNames.InFull(type), out string? codec) ? codec : null;

    /// <summary>The codec class, or the method that makes one, of a type with type arguments; null where there is none.</summary>
    public static string? FindFactory(INamedTypeSymbol type)
    {
        if (type.Arity == 0 || type.ContainingType is not null) return null;
        string name = $"{type.ContainingNamespace.ToDisplayString()}.{type.Name}";
        return Factories.TryGetValue(name, out string? factory) ? factory : null;
    }

    public static bool IsClass(string factory) => !factory.Contains('.');
}
