using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

// The base class library's types: what the runtime has codecs for, and what means nothing in another process.
internal sealed partial class TypeParser
{
    private TypeModel? ParseArray(IArrayTypeSymbol array, string path)
    {
        if (Parse(array.ElementType, Within(path, array, array.ElementType)) is not { } element) return null;
        if (array.Rank == 1)
        {
            if (IsBlock(element)) return Block(array, "UnmanagedArrayCodec", element) with { IsBuiltIn = element.IsBuiltIn };
            return Keep(array, $"new {Services}ArrayCodec<{element.Name}>({element.Codec})", isBuiltIn: element.Shape == TypeShape.String);
        }

        string lengths = string.Join(", ", Enumerable.Range(0, array.Rank).Select(static i => $"lengths[{i}]"));
        // The element of an array of arrays follows the dimensions: new int[2, 3][].
        (string type, string jagged) = TypeNames.ElementOf(array);
        string create = $"static lengths => new {type}[{lengths}]{jagged}";
        return Keep(array, $"new {Services}RectangularArrayCodec<{TypeNames.Of(array)}, {element.Name}>({array.Rank}, {element.Codec}, {create})");
    }

    private TypeModel? ParseNullable(INamedTypeSymbol type, string path)
    {
        if (Parse(type.TypeArguments[0], path) is not { } value) return null;
        return Keep(type, $"new {Services}NullableCodec<{value.Name}>({value.Codec})");
    }

    private TypeModel? ParseSystem(INamedTypeSymbol type, string path)
    {
        if (TypeTable.FindCodec(type) is { } simple)
            return new TypeModel(TypeNames.Of(type), TypeShape.Codec, Services + simple, IsBuiltIn: true);
        if (TypeTable.FindFactory(type) is not { } factory) return RefuseSystem(type, path);

        List<TypeModel> arguments = [];
        foreach (ITypeSymbol argument in type.TypeArguments)
        {
            if (Parse(argument, Within(path, type, argument)) is not { } parsed) return null;
            arguments.Add(parsed);
        }

        string names = string.Join(", ", arguments.Select(static argument => argument.Name));
        if (factory == TypeTable.List && IsBlock(arguments[0]))
            return Block(type, "UnmanagedListCodec", arguments[0]);
        if (factory == TypeTable.PriorityQueue)
        {
            INamedTypeSymbol tuple = _compilation.CreateTupleTypeSymbol(type.TypeArguments);
            return Parse(tuple, path) is { } item ? Keep(type, $"new {Services}{factory}<{names}>({item.Codec})") : null;
        }

        string create = TypeTable.IsClass(factory) ? "new " : "";
        return Keep(type, $"{create}{Services}{factory}<{names}>({string.Join(", ", arguments.Select(static argument => argument.Codec))})");
    }

    /// <summary>Many of them are one copy. An optional value is not <c>unmanaged</c> to the compiler.</summary>
    private static bool IsBlock(TypeModel element) => element.IsMemory && !element.Name.EndsWith("?", System.StringComparison.Ordinal);

    /// <summary>Elements that are their memory. A codec of their own knows where in it there are bools.</summary>
    private TypeModel Block(ITypeSymbol type, string codec, TypeModel element) => element.Shape == TypeShape.Unmanaged
        ? new TypeModel(TypeNames.Of(type), TypeShape.Codec, $"{Services}{codec}<{element.Name}>.Instance")
        : Keep(type, $"new {Services}{codec}<{element.Name}>({element.Codec})");

    private TypeModel? RefuseSystem(INamedTypeSymbol type, string path)
    {
        if (type.SpecialType == SpecialType.System_Object) return Refuse(path, "is an object, which may be anything: declare the type that crosses");
        if (type.TypeKind == TypeKind.Delegate || type.IsOrDerivesFrom("System.Delegate")) return Refuse(path, $"is the delegate {TypeNames.InFull(type)}");
        if (type.Is("System.Type")) return Refuse(path, "is a System.Type, and no type name is ever resolved in the other process");
        if (UnionTypes(type) is { Count: > 0 } cases) return ParseUnion(type, cases, path);
        return Refuse(path, $"is {TypeNames.WithArticle(type)}");
    }

    /// <summary>The path of a collection's elements: its own with brackets, or their type where the collection itself is asked about.</summary>
    private static string Within(string path, ITypeSymbol collection, ITypeSymbol element) =>
        path == Names.InMessage(collection) ? Names.InMessage(element) : path + "[]";
}
