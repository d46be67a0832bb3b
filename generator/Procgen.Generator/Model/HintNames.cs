using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Model;

/// <summary>File names from type names. Roslyn compares them without case and takes few characters beside letters and digits.</summary>
internal static class HintNames
{
    /// <summary>A name that is not in <paramref name="taken"/>, which ignores case; the name is put there.</summary>
    public static string Of(string typeName, HashSet<string> taken)
    {
        StringBuilder name = new(typeName.Length);
        foreach (char c in typeName)
        {
            if (c is '.' or '_' || char.IsLetterOrDigit(c)) name.Append(c);
            else if (c != '@') name.Append('-').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }

        string hint = name + ".g.cs";
        if (taken.Add(hint)) return hint;
        // Names that differ in case only.
        hint = $"{name}-{StableHash.Of(typeName):x16}.g.cs";
        taken.Add(hint);
        return hint;
    }
}
