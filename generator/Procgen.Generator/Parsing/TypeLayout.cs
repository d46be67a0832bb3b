using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>
/// What there is to know of a struct that is its memory: whether it may have gaps between its fields, and how it is written
/// over zeros so that they stay zero, as a copy of the whole would take along whatever the stack held there; and where in
/// it bools are, which are not any byte.
/// </summary>
/// <remarks>
/// Bools are not looked for where fields may lie over each other, as a byte of another field is no bool, nor where no
/// generated code can name the field.
/// </remarks>
internal sealed class TypeLayout
{
    private const string Image = "global::Procgen.CompilerServices.MemoryImage.";

    private readonly Compilation _compilation;
    private readonly List<string> _writing = [];
    private readonly List<string> _flags = [];
    private readonly List<AccessorModel> _accessors = [];

    // The sizes of the fields at the ends of all ways; 0 where that is not known. Fields of one size leave no gaps.
    private readonly HashSet<int> _sizes = [];
    private int _locals;

    // A field that generated code cannot name: then the whole is copied after all.
    private bool _isHopeless;

    // Fields around the present one that may lie over each other.
    private int _overlaps;

    private TypeLayout(Compilation compilation) => _compilation = compilation;

    /// <summary>How to write the type field by field, and where its bools are; null where copying it does as well, and it has none.</summary>
    public static MemoryCodec? Of(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.SpecialType != SpecialType.None || type.TypeKind == TypeKind.Enum) return null;
        if (TypeNames.IsFromSystem(type) && !type.IsTupleType && type.Name != "ValueTuple") return null;
        TypeLayout layout = new(compilation);
        layout.VisitFields(type, "slot", "value");
        if (layout._isHopeless || (layout._sizes.Count < 2 && !layout._sizes.Contains(0))) layout._writing.Clear();
        return layout._writing.Count == 0 && layout._flags.Count == 0
            ? null
            : new MemoryCodec(layout._writing.ToEquatableArray(), layout._flags.ToEquatableArray(), layout._accessors.ToEquatableArray());
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
            _writing.Add($"{target} = {source};");
            if (named.SpecialType == SpecialType.System_Boolean) AddFlag(target);
        }
        else if (named.Is("System.DateTimeOffset"))
        {
            _sizes.Add(0);
            _writing.Add($"{Image}Set(ref {target}, {source});");
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
            _writing.Add($"{target} = {source};");
        }
    }

    private void VisitOptional(ITypeSymbol value, string target, string source)
    {
        _sizes.Add(0);
        // Whether there is a value is the first byte.
        AddFlag(target);
        if (!Accessibility.IsReachable(value, _compilation))
        {
            _isHopeless = true;
            return;
        }

        string name = TypeNames.Of(value);
        string some = $"slot{++_locals}";
        string given = $"value{_locals}";
        string slot = $"ref {name} {some} = ref {Image}Some(ref {target});";
        _writing.Add($"if ({source}.HasValue)");
        _writing.Add("{");
        _writing.Add(slot);
        _writing.Add($"{name} {given} = {source}.GetValueOrDefault();");
        (int before, int flags) = (_writing.Count, _flags.Count);
        Visit(value, some, given);
        if (_writing.Count == before) _isHopeless = true;
        if (_flags.Count > flags) _flags.Insert(flags, slot);
        _writing.Add("}");
    }

    private void VisitFields(INamedTypeSymbol type, string target, string source)
    {
        // Layouts of the user's own may leave gaps also between fields of one size.
        AttributeData? layout = type.GetAttributes().FirstOrDefault(static attribute => attribute.AttributeClass?.Name == "StructLayoutAttribute");
        if (layout is not null) _sizes.Add(0);
        bool isOverlapping = layout?.ConstructorArguments is [{ Value: (int)LayoutKind.Explicit or (short)LayoutKind.Explicit }];
        if (isOverlapping) _overlaps++;
        if (type.FindAttribute(TypeAttributes.InlineArray) is { ConstructorArguments: [{ Value: int length }] }) VisitInlineArray(type, length, target);
        else VisitEach(type, target, source);
        if (isOverlapping) _overlaps--;
    }

    /// <summary>Its one field stands for all of its elements, which no assignment reaches.</summary>
    private void VisitInlineArray(INamedTypeSymbol type, int length, string target)
    {
        _isHopeless = true;
        int flags = _flags.Count;
        string index = $"i{++_locals}";
        string element = $"slot{_locals}";
        IFieldSymbol? field = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(static field => !field.IsStatic);
        if (field is null || Reach(field, target) is not { } first) return;
        Visit(field.Type, element, element);
        if (_flags.Count == flags) return;
        string unsafeAdd = "global::System.Runtime.CompilerServices.Unsafe.Add";
        _flags.Insert(flags, $"for (int {index} = 0; {index} < {length}; {index}++)");
        _flags.Insert(flags + 1, "{");
        _flags.Insert(flags + 2, $"ref {TypeNames.Of(field.Type)} {element} = ref {unsafeAdd}(ref {first}, {index});");
        _flags.Add("}");
    }

    private void VisitEach(INamedTypeSymbol type, string target, string source)
    {
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
            else if (Reach(field, target) is { } to && Reach(field, source) is { } from) Visit(field.Type, to, from);
            else _isHopeless = true;
        }

        if (any) return;
        // An empty struct is a byte of nothing.
        _sizes.Add(0);
    }

    private void AddFlag(string target)
    {
        if (_overlaps == 0) _flags.Add($"flags.Add({Image}Offset(ref slot, ref {target}));");
    }

    /// <summary>A field of <paramref name="value"/> as a place in memory; null where generated code cannot name it.</summary>
    private string? Reach(IFieldSymbol field, string value) =>
        field is { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public, IsReadOnly: false } ? $"{value}.{Names.Escape(field.Name)}"
        : Accessor(field) is { } accessor ? $"{accessor}(ref {value})"
        : null;

    private string? Accessor(IFieldSymbol field)
    {
        if (!Accessibility.IsReachable(field.Type, _compilation)) return null;
        AccessorModel accessor = MemberAccess.To(_accessors.Count, field, FieldName(field), isField: true);
        if (!MemberAccess.Exists(accessor, _compilation)) return null;
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
