using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

// Closed hierarchies: by our own attribute, by MemoryPack's, by System.Text.Json's, which are read by name.
internal sealed partial class TypeParser
{
    public static List<(int Tag, INamedTypeSymbol Type)> UnionTypes(INamedTypeSymbol type)
    {
        if (type.TypeKind is not (TypeKind.Interface or TypeKind.Class) || type.IsSealed) return [];
        List<(int Tag, INamedTypeSymbol Type)> cases = [.. Listed(type, TypeAttributes.Union)];
        if (cases.Count == 0) cases.AddRange(Listed(type, TypeAttributes.MemoryPackUnion));
        if (cases.Count == 0) cases.AddRange(JsonDerivedTypes(type));
        return cases;
    }

    private static IEnumerable<(int Tag, INamedTypeSymbol Type)> Listed(INamedTypeSymbol type, string attributeName)
    {
        foreach (AttributeData attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass?.Is(attributeName) == true
                && attribute.ConstructorArguments is [{ Value: ushort tag }, { Value: INamedTypeSymbol listed }])
                yield return (tag, Close(listed, type));
        }
    }

    /// <summary>Numbers that fit are kept where all have one; else their order counts, which both processes share.</summary>
    private static IEnumerable<(int Tag, INamedTypeSymbol Type)> JsonDerivedTypes(INamedTypeSymbol type)
    {
        AttributeData[] attributes = [.. type.GetAttributes().Where(static attribute => attribute.AttributeClass?.Is(TypeAttributes.JsonDerivedType) == true)];
        int[] tags = [.. attributes.Select(static attribute =>
            attribute.ConstructorArguments is [_, { Value: int tag and >= 0 and <= ushort.MaxValue }] ? tag : -1)];
        bool keeps = tags.Distinct().Count() == tags.Length && !tags.Contains(-1);
        for (int i = 0; i < attributes.Length; i++)
        {
            if (attributes[i].ConstructorArguments is [{ Value: INamedTypeSymbol listed }, ..])
                yield return (keeps ? tags[i] : i, Close(listed, type));
        }
    }

    /// <summary><c>typeof(Leaf&lt;&gt;)</c> on <c>Tree&lt;T&gt;</c> means its own type arguments.</summary>
    private static INamedTypeSymbol Close(INamedTypeSymbol listed, INamedTypeSymbol union) =>
        listed.IsUnboundGenericType && listed.Arity == union.Arity ? listed.OriginalDefinition.Construct([.. union.TypeArguments]) : listed;

    private TypeModel? ParseUnion(INamedTypeSymbol type, List<(int Tag, INamedTypeSymbol Type)> listed, string path)
    {
        TypeModel model = Reserve(type, out string className);
        _known[type] = model;

        if (listed.GroupBy(static item => item.Tag).FirstOrDefault(static group => group.Count() > 1) is { } doubled)
            return Refuse(path, $"is {TypeNames.WithArticle(type)}, which gives the tag {doubled.Key} to two types");
        List<(int Depth, UnionCase Case)> cases = [];
        foreach ((int tag, INamedTypeSymbol item) in listed.OrderBy(static item => item.Tag))
        {
            if (item.IsAbstract && SymbolEqualityComparer.Default.Equals(item, type))
                return Refuse(path, $"is {TypeNames.WithArticle(type)}, which lists itself, and of which there are no values");
            if (!Derives(item, type))
                return Refuse(path, $"is {TypeNames.WithArticle(type)}, which lists {TypeNames.InFull(item)}, and that is none");
            if (ParseCase(item, $"{path}({Names.InMessage(item)})") is not { } parsed) return null;
            bool isOpen = item is { IsSealed: false, IsValueType: false, IsAbstract: false };
            cases.Add((DepthOf(item), new UnionCase(tag, parsed, isOpen ? $"{{0}}.GetType() == typeof({parsed.Name})" : "")));
        }

        // A pattern of a base type would hide those of types derived from it.
        return Emit(className, model, new UnionCodec(
            TypeNames.InCodec(type), cases.OrderByDescending(static item => item.Depth).Select(static item => item.Case).ToEquatableArray()));
    }

    /// <summary>A type of a union as itself: where it is a union too, without the tag, since its own type is settled.</summary>
    private TypeModel? ParseCase(INamedTypeSymbol type, string path)
    {
        bool isPlain = type is { TypeKind: TypeKind.Class, IsAbstract: false }
            && type.FindAttribute(TypeAttributes.Codec) is null
            && UnionTypes(type).Count > 0
            && !(_hasMemoryPack && type.FindAttribute(TypeAttributes.MemoryPackable) is not null);
        if (!isPlain) return Parse(type, path);
        // Under a name of its own, and once.
        string className = TypeNames.CodecOf(type, "ItselfCodec");
        return _codecs.FirstOrDefault(codec => codec.ClassName == className)?.Type
            ?? (_pendingItself.Add(className) ? ParseObject(type, path, "ItselfCodec") : Reserve(type, out _, "ItselfCodec"));
    }

    private readonly HashSet<string> _pendingItself = [];

    private static bool Derives(INamedTypeSymbol type, INamedTypeSymbol from)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at, from)) return true;
        }

        return type.AllInterfaces.Any(candidate => SymbolEqualityComparer.Default.Equals(candidate, from));
    }

    private static int DepthOf(INamedTypeSymbol type)
    {
        int depth = 0;
        for (INamedTypeSymbol? at = type.BaseType; at is not null; at = at.BaseType) depth++;
        return depth;
    }
}
