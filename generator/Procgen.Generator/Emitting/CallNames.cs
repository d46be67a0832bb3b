using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Emitting;

/// <summary>What belongs to a stub is called: <c>SquareCall</c> beside it, and <c>SquareTarget</c> in that; overloads tell their types.</summary>
/// <param name="Call">The nested class.</param>
/// <param name="Target">The field with its target.</param>
internal sealed record CallNames(string Call, string Target)
{
    public static IReadOnlyList<CallNames> For(StubModel stub)
    {
        HashSet<string> taken = [.. stub.Names];
        HashSet<string> seen = [];
        HashSet<string> overloaded = [.. stub.Targets.Select(static target => target.Name).Where(name => !seen.Add(name))];
        return [.. stub.Targets.Select(target =>
        {
            string name = target.Name.TrimStart('@');
            if (overloaded.Contains(target.Name)) name += Suffix(target);
            return new CallNames(
                Take(name + (target.Return.Kind is ReturnKind.Sequence or ReturnKind.AsyncSequence ? "Stream" : "Call")),
                Take(name + "Target"));
        })];

        string Take(string name)
        {
            string free = Free(name, taken);
            taken.Add(free);
            return free;
        }
    }

    /// <summary>The name, or it with underscores where it is taken.</summary>
    public static string Free(string name, IEnumerable<string> taken)
    {
        while (taken.Contains(name)) name += "_";
        return name;
    }

    private static string Suffix(TargetModel target)
    {
        IEnumerable<string> types = target.Parameters.Where(static parameter => parameter.IsInStub).Select(static parameter => ShortName(parameter.TypeKey));
        string suffix = string.Concat(types.Select(static type => "_" + type));
        return suffix.Length switch
        {
            0 => "_",
            <= 60 => suffix,
            _ => "_" + target.Id.ToString("x16", CultureInfo.InvariantCulture),
        };
    }

    private static string ShortName(string type)
    {
        string plain = type.Replace("global::", "").Replace("[]", "s");
        int generic = plain.IndexOf('<');
        int dot = plain.LastIndexOf('.', generic < 0 ? plain.Length - 1 : generic);
        return Names.Sanitize(plain.Substring(dot + 1)).Trim('_');
    }
}
