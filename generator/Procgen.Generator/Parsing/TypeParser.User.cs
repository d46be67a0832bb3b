using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

// The user's own types, and those that are written like them.
internal sealed partial class TypeParser
{
    private TypeModel? ParseObject(INamedTypeSymbol type, string path, string suffix = "Codec")
    {
        TypeModel model = Reserve(type, out string className, suffix);
        if (suffix == "Codec") _known[type] = model;

        if (TypeMembers.Of(type, _compilation, path, out TypeProblem? problem) is not { } members) return Refuse(problem!);
        bool isShared = type.FindAttribute(TypeAttributes.PreserveReferences) is not null;
        TypeConstruction? construction = TypeConstruction.Choose(type, members, isShared, _compilation);
        if (construction is null)
        {
            return Refuse(path, isShared
                ? $"is {TypeNames.WithArticle(type)}, whose [PreserveReferences] needs a parameterless constructor that generated code can reach"
                : $"is {TypeNames.WithArticle(type)}, which has no constructor that generated code can reach and that takes public members only, by their names");
        }

        MemberModel[] models = new MemberModel[members.Count];
        for (int i = 0; i < members.Count; i++)
        {
            TypeMember member = members[i];
            if (Parse(member.Type, $"{path}.{member.Symbol.Name}") is not { } parsed)
            {
                _problem = _problem!.Member is null ? WithMember(_problem, member.Symbol) : _problem;
                return null;
            }

            models[i] = new MemberModel(Names.Escape(member.Symbol.Name), member.Symbol.Name, member.DeclaredIn, parsed, construction.Settings[i]);
        }

        if (construction.OutOfReach is var (outOfReach, why)) return Refuse($"{path}.{outOfReach.Name}", why, outOfReach);
        ObjectKind kind = isShared ? ObjectKind.Shared : type.IsValueType ? ObjectKind.Struct : ObjectKind.Class;
        return Emit(className, model, new ObjectCodec(
            kind, TypeNames.InCodec(type), IsOpen: !type.IsSealed && !type.IsValueType, models.ToEquatableArray(), construction.Model));
    }

    private TypeModel? ParseTuple(INamedTypeSymbol type, string path)
    {
        TypeModel model = Reserve(type, out string className);
        List<MemberModel> members = [];
        foreach (IFieldSymbol element in TupleElements(type))
        {
            if (Parse(element.Type, $"{path}.{element.Name}") is not { } parsed) return null;
            members.Add(new MemberModel($"Item{members.Count + 1}", $"Item{members.Count + 1}", "", parsed, MemberSetting.Constructor));
        }

        return Emit(className, model, new ObjectCodec(
            ObjectKind.Tuple, TypeNames.InCodec(type), IsOpen: false, members.ToEquatableArray(), new ConstructionModel(default, default, default)));
    }

    private static IEnumerable<IFieldSymbol> TupleElements(INamedTypeSymbol type) => type.IsTupleType
        ? type.TupleElements
        : type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic && !field.IsImplicitlyDeclared);

    private TypeModel ParseMemoryPackable(INamedTypeSymbol type)
    {
        TypeModel model = Reserve(type, out string className);
        return Emit(className, model, new MemoryPackCodec(TypeNames.InCodec(type)));
    }

    private TypeModel? ParseUserCodec(ITypeSymbol type, AttributeData attribute, string path)
    {
        if (attribute.ConstructorArguments is not [{ Value: INamedTypeSymbol codec }]) return Refuse(path, "has a [ProcessCodec] that names no type");
        if (Accessibility.Unreachable(type, _compilation) is { } remedy) return RefuseUnreachable(type, path, remedy);
        if (codec.IsUnboundGenericType && type is INamedTypeSymbol { Arity: var arity } named && arity == codec.Arity)
            codec = codec.OriginalDefinition.Construct([.. named.TypeArguments]);
        string name = TypeNames.InFull(codec);
        INamedTypeSymbol? codecBase = codec;
        while (codecBase is not null && !codecBase.Is("Procgen.CompilerServices.Codec<T>")) codecBase = codecBase.BaseType;
        if (codecBase is null || !SymbolEqualityComparer.Default.Equals(codecBase.TypeArguments[0], type))
            return Refuse(path, $"has the [ProcessCodec] {name}, which is no Codec<{Names.InMessage(type)}>");
        if (codec.IsAbstract
            || !Accessibility.IsReachable(codec, _compilation)
            || !codec.InstanceConstructors.Any(made => made.Parameters.IsEmpty && _compilation.IsSymbolAccessibleWithin(made, _compilation.Assembly)))
            return Refuse(path, $"has the [ProcessCodec] {name}, which generated code cannot make: it needs a parameterless constructor");
        return Keep(codec, $"new {TypeNames.Of(codec)}()", suffix: "Kept") with { Name = TypeNames.Of(type) };
    }

    /// <summary>What a collection of the user's own holds; null where the type is none.</summary>
    public static ITypeSymbol? CollectionElement(INamedTypeSymbol type)
    {
        if (type.TypeKind != TypeKind.Class || !type.AllInterfaces.Any(static candidate => candidate.SpecialType == SpecialType.System_Collections_IEnumerable)) return null;
        return type.AllInterfaces.FirstOrDefault(static candidate =>
            candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_ICollection_T)?.TypeArguments[0];
    }

    private TypeModel? ParseUserCollection(INamedTypeSymbol type, ITypeSymbol element, string path)
    {
        if (type.IsOrDerivesFrom("System.Collections.ObjectModel.ReadOnlyCollection<T>")
            || type.IsOrDerivesFrom("System.Collections.ObjectModel.ReadOnlySet<T>")
            || type.IsOrDerivesFrom("System.Collections.ObjectModel.ReadOnlyDictionary<TKey, TValue>"))
            return Refuse(path, $"is {TypeNames.WithArticle(type)}, a collection that is read only, so that nobody could add its elements");
        INamedTypeSymbol[] forms = [.. type.AllInterfaces.Where(static candidate => candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_ICollection_T)];
        if (forms.Length > 1)
            return Refuse(path, $"is {TypeNames.WithArticle(type)}, a collection of {string.Join(" and of ", forms.Select(static form => Names.InMessage(form.TypeArguments[0])))} at once");
        TypeConstruction? construction = TypeConstruction.Choose(type, [], isEmptyFirst: true, _compilation);
        if (construction is null) return Refuse(path, $"is {TypeNames.WithArticle(type)}, a collection without a parameterless constructor");
        if (TypeMembers.FirstOwn(type) is { } own)
            return Refuse($"{path}.{own.Name}", "is a member of a collection, which crosses as its elements only", own);

        TypeModel model = Reserve(type, out string className);
        _known[type] = model;
        if (Parse(element, Within(path, type, element)) is not { } item) return null;
        return Emit(className, model, new OwnCollectionCodec(item, construction.Model.Defaulted));
    }

    private static TypeProblem WithMember(TypeProblem problem, ISymbol member) =>
        new(problem.Path, problem.Message) { Member = member, OpenBase = problem.OpenBase, IsProcess = problem.IsProcess };

    private TypeModel? Refuse(TypeProblem problem)
    {
        _problem ??= problem;
        return null;
    }
}
