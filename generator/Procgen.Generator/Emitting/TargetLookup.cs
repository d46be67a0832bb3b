using System.Collections.Generic;
using System.Globalization;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>Ids of targets, and the expression that finds the target of an id.</summary>
internal sealed record TargetLookup(EquatableArray<ulong> Ids, string Expression)
{
    /// <summary>An id as a constant.</summary>
    public static string Constant(ulong id) => $"0x{id.ToString("x16", CultureInfo.InvariantCulture)}UL";

    /// <summary>The body of a method that finds any of them.</summary>
    public static void EmitSwitch(CodeWriter code, IEnumerable<TargetLookup> lookups)
    {
        using (code.Block("switch (id)"))
        {
            foreach (TargetLookup lookup in lookups)
            {
                foreach (ulong id in lookup.Ids) code.Line($"case {Constant(id)}:");
                using (code.Indent()) code.Line($"return {lookup.Expression};");
            }

            code.Line("default:");
            using (code.Indent()) code.Line("return null;");
        }
    }
}
