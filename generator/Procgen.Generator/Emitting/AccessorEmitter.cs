using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Emitting;

/// <summary>Ways to private setters and to the fields behind properties, which the runtime resolves without reflection.</summary>
internal static class AccessorEmitter
{
    private const string Attribute = "[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.";

    public static void Emit(CodeWriter code, IEnumerable<AccessorModel> accessors)
    {
        foreach (AccessorModel accessor in accessors)
        {
            code.Line();
            string self = $"{(accessor.IsStruct ? "ref " : "")}{accessor.Owner} self";
            string kind = $"{Attribute}{(accessor.IsField ? "Field" : "Method")}, Name = {Literals.Of(accessor.Target)})]";
            string method = accessor.IsField
                ? $"static extern ref {accessor.ValueType} Set({self});"
                : $"static extern void Set({self}, {accessor.ValueType} value);";
            using (code.Block($"private static class Member{accessor.Member}{accessor.TypeParameters}{accessor.Constraints}"))
                code.Line($"{kind}\npublic {method}");
        }
    }

    /// <summary>The statement that gives a member of an object its value.</summary>
    public static string Assign(ObjectCodec body, int member, string made, string value) => body.Members[member].Setting == MemberSetting.Accessor
        ? Assign(body.Construction.Accessors.First(candidate => candidate.Member == member), made, value)
        : $"{CodecObjectEmitter.Access(body.Members[member], made)} = {value};";

    /// <summary>The statement that gives a member its value by its accessor.</summary>
    public static string Assign(AccessorModel accessor, string made, string value)
    {
        string set = $"Member{accessor.Member}{accessor.TypeArguments}.Set";
        string self = accessor.IsStruct ? "ref " + made : made;
        return accessor.IsField ? $"{set}({self}) = {value};" : $"{set}({self}, {value});";
    }
}
