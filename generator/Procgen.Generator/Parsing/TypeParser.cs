using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>
/// Finds out whether and how values of a type cross the process boundary, with everything that they reach. One parser a
/// question; a type that is reached again, also through itself, is answered from what is known.
/// </summary>
internal sealed partial class TypeParser
{
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellationToken;
    private readonly string _namespace;
    private readonly bool _hasMemoryPack;
    private readonly Dictionary<ITypeSymbol, TypeModel?> _known = new(SymbolEqualityComparer.Default);
    private readonly List<CodecModel> _codecs = [];
    private readonly List<RegisteredType> _handleArguments = [];

    // The first one found; everything on the way back to the question then gives up.
    private TypeProblem? _problem;

    private TypeParser(Compilation compilation, CancellationToken cancellationToken)
    {
        _compilation = compilation;
        _cancellationToken = cancellationToken;
        _namespace = $"Procgen.Generated.{Names.OfAssembly(compilation.AssemblyName)}.Codecs";
        _hasMemoryPack = compilation.GetTypeByMetadataName("MemoryPack.MemoryPackSerializer") is not null;
    }

    /// <summary>A parameter's type, or what its own [ProcessCodec] says.</summary>
    public static ParsedType Parse(IParameterSymbol parameter, Compilation compilation, CancellationToken cancellationToken)
    {
        TypeParser parser = new(compilation, cancellationToken);
        string path = Names.InMessage(parameter.Type);
        return parser.Finish(parameter.FindAttribute(TypeAttributes.Codec) is { } codec
            ? parser.ParseUserCodec(parameter.Type, codec, path)
            : parser.Parse(parameter.Type, path));
    }

    public static ParsedType Parse(ITypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        TypeParser parser = new(compilation, cancellationToken);
        return parser.Finish(parser.Parse(type, Names.InMessage(type)));
    }

    private ParsedType Finish(TypeModel? type) => type is not null && _problem is null
        ? new ParsedType(type, _codecs.ToEquatableArray(), _handleArguments.Distinct().ToEquatableArray())
        : new ParsedType(_problem!);

    /// <param name="type">The type.</param>
    /// <param name="path">Where it stands: a type's name, then members.</param>
    private TypeModel? Parse(ITypeSymbol type, string path)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        type = ProxyTypes.Resolve(type, _compilation, _cancellationToken);
        if (_known.TryGetValue(type, out TypeModel? known)) return known;
        TypeModel? parsed = Classify(type, path);
        _known[type] = parsed;
        return parsed;
    }

    private TypeModel? Classify(ITypeSymbol type, string path) => type switch
    {
        { SpecialType: SpecialType.System_String } => new TypeModel("string", TypeShape.String, Services + "StringCodec.Instance", IsBuiltIn: true),
        IErrorTypeSymbol when ProxyTypes.IsProxy(type, _compilation, _cancellationToken) => HandleOf(type),
        { TypeKind: TypeKind.Error } => Refuse(path, $"is of the unknown type {type.Name}"),
        { TypeKind: TypeKind.Dynamic } => Refuse(path, "is dynamic: declare the type that crosses"),
        { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => Refuse(path, "is a pointer"),
        { TypeKind: TypeKind.TypeParameter } => Refuse(path, $"is of the open type {type.Name}"),
        { IsRefLikeType: true } => Refuse(path, $"is {TypeNames.WithArticle(type)}, which lives on one stack"),
        IArrayTypeSymbol array => ParseArray(array, path),
        INamedTypeSymbol named when IsEndless(named) => Refuse(path, $"is {TypeNames.WithArticle(type.OriginalDefinition)} that holds others of ever deeper type arguments"),
        INamedTypeSymbol named => ParseNamed(named, path),
        _ => Refuse(path, $"is {TypeNames.WithArticle(type)}"),
    };

    /// <summary>
    /// Whether following its members may have no end: a class may hold a <c>G&lt;List&lt;T&gt;&gt;</c> in <c>G&lt;T&gt;</c>. One that
    /// holds a <c>G&lt;(T, T)&gt;</c> doubles at each step, long before it is deep.
    /// </summary>
    public static bool IsEndless(ITypeSymbol type)
    {
        int nodes = MostNodes;
        return !IsWithin(type, DeepestNesting, ref nodes);
    }

    /// <summary>Whether type arguments lie no deeper in each other, those of the types around it among them, and are no more.</summary>
    private static bool IsWithin(ITypeSymbol? type, int depth, ref int nodes)
    {
        if (type is null) return true;
        if (depth < 0 || --nodes < 0) return false;
        if (type is IArrayTypeSymbol array) return IsWithin(array.ElementType, depth - 1, ref nodes);
        if (type is not INamedTypeSymbol named) return true;
        foreach (ITypeSymbol argument in named.TypeArguments)
        {
            if (!IsWithin(argument, depth - 1, ref nodes)) return false;
        }

        return IsWithin(named.ContainingType, depth, ref nodes);
    }

    private TypeModel? ParseNamed(INamedTypeSymbol type, string path)
    {
        if (type.FindAttribute(TypeAttributes.Codec) is { } codec) return ParseUserCodec(type, codec, path);
        if (TypeMemory.IsMemory(type)) return ParseMemory(type, path);
        if (type.IsOrDerivesFrom(Known.ChildProcess) || type.IsOrDerivesFrom(Known.ProcessPool))
            return Refuse(path, $"is {TypeNames.WithArticle(type)}, which belongs to the process that made it", isProcess: true);
        if (IsHandle(type)) return ParseHandle(type, path);
        if (type.FindAttribute(Known.ManagedObjectAttribute) is not null)
            return Refuse(path, $"is {TypeNames.WithArticle(type)}, a managed object, which stays in its manager's server: take its proxy, {Names.OfTypeChain(type, "")}{ProxyTypes.Suffix}");
        if (Accessibility.Unreachable(type, _compilation) is { } remedy) return RefuseUnreachable(type, path, remedy);
        if (_hasMemoryPack && type.FindAttribute(TypeAttributes.MemoryPackable) is not null) return ParseMemoryPackable(type);
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return ParseNullable(type, path);
        if (type.Is("System.Tuple<T1>") || type.Name == "Tuple" && TypeNames.IsFromSystem(type)) return ParseObject(type, path);
        if (type.Name == "ValueTuple" && type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }) return ParseTuple(type, path);
        if (TypeNames.IsFromSystem(type)) return ParseSystem(type, path);
        if (UnionTypes(type) is { Count: > 0 } cases) return ParseUnion(type, cases, path);
        return ParseUser(type, path);
    }

    private TypeModel? ParseUser(INamedTypeSymbol type, string path)
    {
        switch (type.TypeKind)
        {
            case TypeKind.Delegate:
                return Refuse(path, $"is the delegate {TypeNames.InFull(type)}");
            case TypeKind.Interface:
                return Refuse(path, $"is the interface {TypeNames.InFull(type)}, which has no [ProcessUnion] to say what implements it", openBase: type);
            case TypeKind.Class or TypeKind.Struct when type.IsStatic:
                return Refuse(path, $"is the static class {TypeNames.InFull(type)}");
            case TypeKind.Struct when type.FindAttribute(TypeAttributes.InlineArray) is not null:
                return Refuse(path, $"is {TypeNames.WithArticle(type)}, an inline array of references");
            case TypeKind.Class when type.IsAbstract:
                return Refuse(path, $"is the abstract class {TypeNames.InFull(type)}, which has no [ProcessUnion] to say what derives from it", openBase: type);
            case TypeKind.Class or TypeKind.Struct:
                return CollectionElement(type) is { } element ? ParseUserCollection(type, element, path) : ParseObject(type, path);
            default:
                return Refuse(path, $"is {TypeNames.WithArticle(type)}");
        }
    }

    private TypeModel? ParseMemory(INamedTypeSymbol type, string path)
    {
        if (TypeMemory.FindLocal(type, path) is var (at, what, member)) return Refuse(at, $"is {what}", member);
        if (Accessibility.Unreachable(type, _compilation) is { } remedy) return RefuseUnreachable(type, path, remedy);
        string name = TypeNames.Of(type);
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            if (Parse(type.TypeArguments[0], path) is not { } value) return null;
            return value.Shape == TypeShape.Unmanaged
                ? new TypeModel(name, TypeShape.UnmanagedNullable, $"{Services}UnmanagedNullableCodec<{value.Name}>.Instance", IsMemory: true)
                : Keep(type, $"new {Services}UnmanagedNullableCodec<{value.Name}>({value.Codec})", isMemory: true);
        }

        if (TypeLayout.Of(type, _compilation) is { } layout)
        {
            TypeModel model = Reserve(type, out string className) with { IsMemory = true };
            return Emit(className, model, layout);
        }

        if (TypeTable.FindFactory(type) == TypeTable.KeyValuePair)
        {
            if (Parse(type.TypeArguments[0], path) is not { } key || Parse(type.TypeArguments[1], path) is not { } paired) return null;
            return Keep(type, $"new {Services}KeyValuePairCodec<{key.Name}, {paired.Name}>({key.Codec}, {paired.Codec})", isMemory: true);
        }

        return new TypeModel(name, TypeShape.Unmanaged, $"{Services}UnmanagedCodec<{name}>.Instance", IsMemory: true, TypeTable.IsBuiltInScalar(type));
    }

    private static bool IsHandle(INamedTypeSymbol type) => type.AllInterfaces.Any(candidate =>
        candidate.Is("Procgen.CompilerServices.IProcessHandle<TSelf>") && SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], type));

    private TypeModel? ParseHandle(INamedTypeSymbol type, string path)
    {
        if (Accessibility.Unreachable(type, _compilation) is { } remedy) return RefuseUnreachable(type, path, remedy);
        foreach (ITypeSymbol argument in type.TypeArguments)
        {
            if (Parse(argument, path == Names.InMessage(type) ? Names.InMessage(argument) : $"{path}<{Names.InMessage(argument)}>") is not { } parsed) return null;
            _handleArguments.Add(new RegisteredType(TypeNames.InReflection(argument), parsed));
        }

        return HandleOf(type);
    }

    private static TypeModel HandleOf(ITypeSymbol type)
    {
        string name = TypeNames.Of(type);
        return new TypeModel(name, TypeShape.Handle, $"{Services}HandleCodec<{name}>.Instance");
    }

    /// <summary>A codec that is made once and kept under the type's name.</summary>
    private TypeModel Keep(ITypeSymbol type, string expression, bool isMemory = false, bool isBuiltIn = false, string suffix = "Codec")
    {
        TypeModel model = Reserve(type, out string className, suffix) with { IsMemory = isMemory, IsBuiltIn = isBuiltIn };
        return Emit(className, model, new KeptCodec(expression));
    }

    /// <summary>How a type will be written by a codec that is yet to be described: known from here on, so that it can be reached again.</summary>
    private TypeModel Reserve(ITypeSymbol type, out string className, string suffix = "Codec")
    {
        className = TypeNames.CodecOf(type, suffix);
        return new TypeModel(TypeNames.Of(type), TypeShape.Codec, $"global::{_namespace}.{className}.Instance");
    }

    private TypeModel Emit(string className, TypeModel model, CodecBody body)
    {
        _codecs.Add(new CodecModel(TypeNames.HintOf(className), _namespace, className, model, body));
        return model;
    }

    private TypeModel? Refuse(string path, string reason, ISymbol? member = null, INamedTypeSymbol? openBase = null, bool isProcess = false)
    {
        _problem ??= new TypeProblem(path, $"{path} {reason}") { Member = member, OpenBase = openBase, IsProcess = isProcess };
        return null;
    }

    private TypeModel? RefuseUnreachable(ITypeSymbol type, string path, string remedy) =>
        Refuse(path, $"is {TypeNames.WithArticle(type)}, which generated code cannot reach: {remedy}");

    private const int DeepestNesting = 24;

    private const int MostNodes = 256;

    private const string Services = "global::Procgen.CompilerServices.";
}
