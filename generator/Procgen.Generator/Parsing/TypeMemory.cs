using System.Linq;
using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Parsing;

/// <summary>Whether a struct is its memory.</summary>
internal static class TypeMemory
{
    /// <summary>Structs of the base class library that hold no references but mean something in one process only.</summary>
    private static readonly string[] Local =
    [
        "System.Runtime.InteropServices.GCHandle",
        "System.Runtime.InteropServices.GCHandle<T>",
        "System.Runtime.InteropServices.PinnedGCHandle<T>",
        "System.Runtime.InteropServices.WeakGCHandle<T>",
        "System.Runtime.DependentHandle",
        "System.Buffers.MemoryHandle",
        "System.ArgIterator",
    ];

    /// <summary>It contains no references, and nothing in it asks for a codec of its own or to be left out.</summary>
    public static bool IsMemory(ITypeSymbol type)
    {
        if (!type.IsUnmanagedType || type is not INamedTypeSymbol named) return false;
        if (named.TypeKind == TypeKind.Enum || named.SpecialType != SpecialType.None && named.Arity == 0) return true;
        if (named.FindAttribute(TypeAttributes.Codec) is not null) return false;
        return named.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic).All(static field =>
            !IsIgnored(field) && (field.IsFixedSizeBuffer || field.Type.TypeKind == TypeKind.Pointer || IsMemory(field.Type)));
    }

    /// <summary>A pointer or a handle in the struct's memory, which another process could make nothing of; its path.</summary>
    public static (string Path, string What, ISymbol? Member)? FindLocal(ITypeSymbol type, string path)
    {
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer) return (path, "a pointer", null);
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None or SpecialType.System_Nullable_T } named) return null;
        if (Local.Any(named.Is)) return (path, TypeNames.WithArticle(named), null);
        foreach (IFieldSymbol field in named.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.IsStatic || field.IsFixedSizeBuffer) continue;
            string name = (field.AssociatedSymbol ?? field).Name;
            if (FindLocal(field.Type, $"{path}.{name}") is { } found)
                return found.Member is null ? found with { Member = field.AssociatedSymbol ?? field } : found;
        }

        return null;
    }

    private static bool IsIgnored(IFieldSymbol field) =>
        field.FindAttribute(Known.IgnoreAttribute) is not null || field.AssociatedSymbol?.FindAttribute(Known.IgnoreAttribute) is not null;
}
