using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>How an object comes of its members: which constructor, and how what it does not take is set.</summary>
internal sealed class TypeConstruction
{
    private readonly INamedTypeSymbol _type;
    private readonly IReadOnlyList<TypeMember> _members;
    private readonly Compilation _compilation;

    private TypeConstruction(INamedTypeSymbol type, IReadOnlyList<TypeMember> members, Compilation compilation)
    {
        _type = type;
        _members = members;
        _compilation = compilation;
    }

    /// <summary>The one that is called.</summary>
    public IMethodSymbol Constructor { get; private set; } = null!;

    public MemberSetting[] Settings { get; private set; } = [];

    public ConstructionModel Model { get; private set; } = new(default, default, default);

    /// <summary>A member that generated code has no way to, and why.</summary>
    public (ISymbol Member, string Why)? OutOfReach { get; private set; }

    /// <summary>The best way; null where there is none.</summary>
    /// <param name="type">The type.</param>
    /// <param name="members">What crosses of it.</param>
    /// <param name="isEmptyFirst">The object must be there before its members are read.</param>
    /// <param name="compilation">What the code is emitted into.</param>
    public static TypeConstruction? Choose(INamedTypeSymbol type, IReadOnlyList<TypeMember> members, bool isEmptyFirst, Compilation compilation)
    {
        TypeConstruction construction = new(type, members, compilation);
        if (construction.ChooseConstructor(isEmptyFirst) is not { } choice) return null;
        construction.Constructor = choice.Constructor;
        construction.Arrange(choice.Constructor, choice.Arguments, isEmptyFirst);
        return construction;
    }

    private (IMethodSymbol Constructor, ArgumentModel[] Arguments)? ChooseConstructor(bool isEmptyFirst)
    {
        (IMethodSymbol Constructor, ArgumentModel[] Arguments)? best = null;
        (int Lost, int Indirect, int Count) bestScore = default;
        foreach (IMethodSymbol constructor in _type.InstanceConstructors)
        {
            if (!_compilation.IsSymbolAccessibleWithin(constructor, _compilation.Assembly)
                || constructor.DeclaredAccessibility is Microsoft.CodeAnalysis.Accessibility.Protected or Microsoft.CodeAnalysis.Accessibility.ProtectedAndInternal
                || IsCopy(constructor)
                || constructor.IsForbidden()
                || (isEmptyFirst && !constructor.Parameters.IsEmpty)
                || Match(constructor) is not { } arguments)
                continue;
            if (constructor.FindAttribute(TypeAttributes.JsonConstructor) is not null || constructor.FindAttribute(TypeAttributes.MemoryPackConstructor) is not null)
                return (constructor, arguments);

            HashSet<int> given = [.. arguments.Select(static argument => argument.Member)];
            int lost = 0;
            int indirect = 0;
            for (int i = 0; i < _members.Count; i++)
            {
                if (given.Contains(i) || MemberAccess.IsSettable(_members[i].Symbol, _type, _compilation)) continue;
                if (MemberAccess.Find(i, _members[i].Symbol, _compilation) is null) lost++;
                else indirect++;
            }

            (int, int, int) score = (lost, indirect, arguments.Length);
            if (best is not null && score.CompareTo(bestScore) >= 0) continue;
            best = (constructor, arguments);
            bestScore = score;
        }

        return best;
    }

    private bool IsCopy(IMethodSymbol constructor) =>
        _type.IsRecord && constructor.Parameters is [{ Type: var only }] && SymbolEqualityComparer.Default.Equals(only, _type);

    /// <summary>
    /// Each parameter is a member of the same name, whatever its case, and of the same type; or of one that is ignored, and
    /// gets its default; or it is optional.
    /// </summary>
    private ArgumentModel[]? Match(IMethodSymbol constructor)
    {
        List<ArgumentModel> arguments = [];
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            if (parameter.RefKind is RefKind.Ref or RefKind.Out) return null;
            int member = FindMember(parameter, StringComparison.Ordinal);
            if (member < 0) member = FindMember(parameter, StringComparison.OrdinalIgnoreCase);
            if (member >= 0 || IsIgnored(parameter)) arguments.Add(new ArgumentModel(Names.Escape(parameter.Name), member));
            else if (!parameter.IsOptional && !parameter.IsParams) return null;
        }

        return [.. arguments];
    }

    private int FindMember(IParameterSymbol parameter, StringComparison comparison)
    {
        // One that hides another comes after it.
        for (int i = _members.Count - 1; i >= 0; i--)
        {
            if (string.Equals(_members[i].Symbol.Name, parameter.Name, comparison)
                && SymbolEqualityComparer.Default.Equals(_members[i].Type, parameter.Type))
                return i;
        }

        return -1;
    }

    private bool IsIgnored(IParameterSymbol parameter)
    {
        for (INamedTypeSymbol? at = _type; at is not null; at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers())
            {
                if (string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                    && !parameter.IsOptional
                    && member is IFieldSymbol or IPropertySymbol
                    && SymbolEqualityComparer.Default.Equals(TypeMembers.TypeOf(member), parameter.Type)
                    && member.FindAttribute(Known.IgnoreAttribute) is not null)
                    return true;
            }
        }

        return false;
    }

    private void Arrange(IMethodSymbol constructor, ArgumentModel[] arguments, bool isEmptyFirst)
    {
        bool setsRequired = constructor.FindAttribute(TypeAttributes.SetsRequiredMembers) is not null;
        List<AccessorModel> accessors = [];
        List<string> defaulted = [];
        Settings = new MemberSetting[_members.Count];
        for (int i = 0; i < _members.Count; i++)
        {
            bool isRequired = TypeMembers.IsRequired(_members[i].Symbol) && !setsRequired;
            if (isEmptyFirst && isRequired) defaulted.Add(Names.Escape(_members[i].Symbol.Name));
            Settings[i] = Array.Exists(arguments, argument => argument.Member == i)
                ? isRequired ? MemberSetting.ConstructorAndInitializer : MemberSetting.Constructor
                : SettingOf(i, isEmptyFirst, accessors);
            if (MemberAccess.Obstacle(_members[i], accessors.Find(accessor => accessor.Member == i), _compilation) is { } why) OutOfReach ??= (_members[i].Symbol, why);
        }

        if (!setsRequired) defaulted.AddRange(OtherRequired());
        Model = new ConstructionModel(arguments.ToEquatableArray(), defaulted.ToEquatableArray(), accessors.ToEquatableArray());
    }

    private MemberSetting SettingOf(int index, bool isEmptyFirst, List<AccessorModel> accessors)
    {
        TypeMember member = _members[index];
        if (MemberAccess.IsSettable(member.Symbol, _type, _compilation))
        {
            bool isHidden = member.DeclaredIn.Length != 0;
            if (!isEmptyFirst && !isHidden && member.Symbol is not IPropertySymbol { ReturnsByRef: true }) return MemberSetting.Initializer;
            if (!MemberAccess.IsInit(member.Symbol)) return MemberSetting.Assignment;
        }

        if (MemberAccess.Find(index, member.Symbol, _compilation) is not { } accessor) return MemberSetting.None;
        accessors.Add(accessor);
        return MemberSetting.Accessor;
    }

    /// <summary>Required members that do not cross: ignored ones. One that is overridden is required twice and set once.</summary>
    private IEnumerable<string> OtherRequired()
    {
        HashSet<string> known = [.. _members.Select(static member => member.Symbol.Name)];
        for (INamedTypeSymbol? at = _type; at is not null; at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers())
            {
                if (TypeMembers.IsRequired(member) && known.Add(member.Name)) yield return Names.Escape(member.Name);
            }
        }
    }
}
