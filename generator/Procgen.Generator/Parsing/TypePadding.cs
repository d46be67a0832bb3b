using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>
/// Whether a struct that is its memory may have gaps between its fields, and how it is written over zeros so that they stay
/// zero: a copy of the whole would take along whatever the stack held there.
/// </summary>
internal sealed class TypePadding
{
    private readonly Compilation _compilation;
    private readonly List<string> _statements = [];
    private readonly List<AccessorModel> _accessors = [];

    // The sizes of the fields at the ends of all ways; 0 where that is not known. Fields of one size leave no gaps.
    private readonly HashSet<int> _sizes = [];
    private int _locals;

    // A field that generated code cannot name: then the whole is copied after all.
    private bool _isHopeless;

    private TypePadding(Compilation compilation) => _compilation = compilation;

    /// <summary>How to write the type field by field; null where copying it does as well.</summary>
    public static PaddedCodec? Of(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.SpecialType != SpecialType.None || type.TypeKind == TypeKind.Enum) return null;
        if (TypeNames.IsFromSystem(type) && !type.IsTupleType && type.Name != "ValueTuple") return null;
        TypePadding padding = new(compilation);
        padding.VisitFields(type, "slot", "value");
        return padding._isHopeless || (padding._sizes.Count < 2 && !padding._sizes.Contains(0))
            ? null
            : new PaddedCodec(padding._statements.ToEquatableArray(), padding._accessors.ToEquatableArray());
    }

    private void Visit(ITypeSymbol type, string target, string source)
    {
        if (type is not INamedTypeSymbol named)
        {
            _isHopeless = true;
        }
        else if (SizeOf(named) is { } size)
        {
            _sizes.Add(size);
            _statements.Add($"{target} = {source};");
        }
        else if (named.Is("System.DateTimeOffset"))
        {
            _sizes.Add(0);
            _statements.Add($"global::Procgen.CompilerServices.MemoryImage.Set(ref {target}, {source});");
        }
        else if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            VisitOptional(named.TypeArguments[0], target, source);
        }
        else if (named.IsTupleType || named.Name == "ValueTuple" || named.Name == "KeyValuePair" || !TypeNames.IsFromSystem(named))
        {
            VisitFields(named, target, source);
        }
        else
        {
            // Numbers of some kind, without gaps.
            _sizes.Add(0);
            _statements.Add($"{target} = {source};");
        }
    }

    private void VisitOptional(ITypeSymbol value, string target, string source)
    {
        _sizes.Add(0);
        string name = TypeNames.Of(value);
        string some = $"slot{++_locals}";
        string given = $"value{_locals}";
        _statements.Add($"if ({source}.HasValue)");
        _statements.Add("{");
        _statements.Add($"ref {name} {some} = ref global::Procgen.CompilerServices.MemoryImage.Some(ref {target});");
        _statements.Add($"{name} {given} = {source}.GetValueOrDefault();");
        int before = _statements.Count;
        Visit(value, some, given);
        if (_statements.Count == before) _isHopeless = true;
        _statements.Add("}");
    }

    private void VisitFields(INamedTypeSymbol type, string target, string source)
    {
        // Layouts of the user's own may leave gaps also between fields of one size.
        if (type.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "StructLayoutAttribute")) _sizes.Add(0);
        if (type.FindAttribute(TypeAttributes.InlineArray) is not null) _isHopeless = true;
        if (type.IsTupleType)
        {
            for (int i = 0; i < type.TupleElements.Length; i++) Visit(type.TupleElements[i].Type, $"{target}.Item{i + 1}", $"{source}.Item{i + 1}");
            return;
        }

        bool any = false;
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic))
        {
            any = true;
            if (field.IsFixedSizeBuffer) _isHopeless = true;
            else if (field is { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public, IsReadOnly: false }) Visit(field.Type, $"{target}.{Names.Escape(field.Name)}", $"{source}.{Names.Escape(field.Name)}");
            else if (Accessor(field) is { } accessor) Visit(field.Type, $"{accessor}(ref {target})", $"{accessor}(ref {source})");
            else _isHopeless = true;
        }

        if (any) return;
        // An empty struct is a byte of nothing.
        _sizes.Add(0);
    }

    private string? Accessor(IFieldSymbol field)
    {
        if (!Accessibility.IsReachable(field.Type, _compilation)) return null;
        INamedTypeSymbol owner = field.ContainingType;
        if (owner.OriginalDefinition.Arity != 0 && !TypeConstruction.HasGenericAccessors(_compilation)) return null;
        AccessorModel accessor = TypeConstruction.AccessorTo(_accessors.Count, field, FieldName(field), isField: true);
        AccessorModel? known = _accessors.FirstOrDefault(candidate => candidate with { Member = accessor.Member } == accessor);
        if (known is null) _accessors.Add(accessor);
        return $"Member{(known ?? accessor).Member}{accessor.TypeArguments}.Set";
    }

    private static string FieldName(IFieldSymbol field) => field.AssociatedSymbol is IPropertySymbol property ? $"<{property.Name}>k__BackingField" : field.MetadataName;

    private static int? SizeOf(INamedTypeSymbol type) => (type.EnumUnderlyingType ?? type).SpecialType switch
    {
        SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte => 1,
        SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16 => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double or SpecialType.System_DateTime => 8,
        _ => null,
    };
}
