namespace Procgen.Generator.Model;

/// <summary>A codec to emit: one class, in a file of its own.</summary>
/// <param name="HintName">The file's name, made from the type's.</param>
/// <param name="Namespace">The namespace of the assembly's codecs.</param>
/// <param name="ClassName">The codec's class.</param>
/// <param name="Type">The type it writes.</param>
/// <param name="Body">How.</param>
internal sealed record CodecModel(string HintName, string Namespace, string ClassName, TypeModel Type, CodecBody Body);

/// <summary>What a codec does.</summary>
internal abstract record CodecBody;

/// <summary>A codec of the runtime or of the user's, made once and kept.</summary>
/// <param name="Expression">Makes it.</param>
internal sealed record KeptCodec(string Expression) : CodecBody;

/// <summary>A collection of the user's own, which may hold itself.</summary>
/// <param name="Element">How its elements are written.</param>
/// <param name="Defaulted">Required members, which do not cross and are set to their defaults.</param>
internal sealed record OwnCollectionCodec(TypeModel Element, EquatableArray<string> Defaulted) : CodecBody;

/// <summary>Through MemoryPack's own formatter.</summary>
/// <param name="DisplayName">The type in messages.</param>
internal sealed record MemoryPackCodec(string DisplayName) : CodecBody;

/// <summary>Its memory, of which there is more to know than its length.</summary>
/// <param name="Writing">Sets the fields of <c>slot</c> to those of <c>value</c>, over zeros; empty where a copy of the whole does as well.</param>
/// <param name="Flags">Adds where in <c>slot</c> bools are to the list <c>flags</c>; empty where there are none.</param>
/// <param name="Accessors">Ways to private fields.</param>
internal sealed record MemoryCodec(EquatableArray<string> Writing, EquatableArray<string> Flags, EquatableArray<AccessorModel> Accessors) : CodecBody;

/// <summary>One of several types, named by a tag.</summary>
/// <param name="DisplayName">The type in messages.</param>
/// <param name="Cases">The types, most derived first.</param>
internal sealed record UnionCodec(string DisplayName, EquatableArray<UnionCase> Cases) : CodecBody;

/// <summary>One type of a union.</summary>
/// <param name="Tag">Its number.</param>
/// <param name="Type">How its values are written.</param>
/// <param name="Test">Whether a value has exactly this type, with <c>{0}</c> for the value; empty where the pattern says so.</param>
internal sealed record UnionCase(int Tag, TypeModel Type, string Test);

/// <summary>Member by member.</summary>
/// <param name="Kind">What stands before the members.</param>
/// <param name="DisplayName">The type in messages.</param>
/// <param name="IsOpen">Whether other types can derive from it.</param>
/// <param name="Members">In the order in which they are written.</param>
/// <param name="Construction">How an object comes of them.</param>
internal sealed record ObjectCodec(
    ObjectKind Kind, string DisplayName, bool IsOpen, EquatableArray<MemberModel> Members, ConstructionModel Construction) : CodecBody;

/// <summary>What stands before an object's members.</summary>
internal enum ObjectKind
{
    /// <summary>Their count, or null.</summary>
    Class,

    /// <summary>Their count.</summary>
    Struct,

    /// <summary>Nothing.</summary>
    Tuple,

    /// <summary>Their count, their lengths and the object's number; or the number of one seen before, or null.</summary>
    Shared,
}

/// <summary>A public field or property.</summary>
/// <param name="Name">As source spells it.</param>
/// <param name="Label">As messages do.</param>
/// <param name="DeclaredIn">The base type to see it through where another member hides it; else empty.</param>
/// <param name="Type">How it is written.</param>
/// <param name="Setting">How it is set.</param>
internal sealed record MemberModel(string Name, string Label, string DeclaredIn, TypeModel Type, MemberSetting Setting);

/// <summary>How a member gets the value that was read for it.</summary>
internal enum MemberSetting
{
    /// <summary>It is computed from others.</summary>
    None,

    /// <summary>As an argument of the constructor.</summary>
    Constructor,

    /// <summary>As an argument of the constructor, and the compiler wants it in the initializer too.</summary>
    ConstructorAndInitializer,

    /// <summary>In the object initializer.</summary>
    Initializer,

    /// <summary>By an assignment, later.</summary>
    Assignment,

    /// <summary>By an <see cref="AccessorModel"/>, later.</summary>
    Accessor,
}

/// <summary>How an object is made.</summary>
/// <param name="Arguments">The constructor's: parameter names, and the members that go there by index.</param>
/// <param name="Defaulted">Required members that do not cross and are set to their defaults.</param>
/// <param name="Accessors">Ways to members that source cannot set from outside.</param>
internal sealed record ConstructionModel(
    EquatableArray<ArgumentModel> Arguments, EquatableArray<string> Defaulted, EquatableArray<AccessorModel> Accessors);

/// <summary>A constructor's argument.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Member">The index of the member that it is; negative where it gets its default.</param>
internal sealed record ArgumentModel(string Parameter, int Member);

/// <summary>A private setter or a field behind a property, reached without reflection.</summary>
/// <param name="Member">The index of the member that it sets.</param>
/// <param name="Target">The setter's or field's name in metadata.</param>
/// <param name="IsField">Which of them.</param>
/// <param name="Owner">The type that declares it, as the accessor spells it.</param>
/// <param name="IsStruct">Whether that is a struct.</param>
/// <param name="ValueType">The member's type, as the accessor spells it.</param>
/// <param name="TypeParameters">Of the owner: <c>&lt;T&gt;</c>; empty where it has none.</param>
/// <param name="TypeArguments">What stands for them here.</param>
/// <param name="Constraints">Of the owner's type parameters.</param>
internal sealed record AccessorModel(
    int Member,
    string Target,
    bool IsField,
    string Owner,
    bool IsStruct,
    string ValueType,
    string TypeParameters,
    string TypeArguments,
    string Constraints);
