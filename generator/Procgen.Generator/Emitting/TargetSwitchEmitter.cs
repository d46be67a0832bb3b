using System.Collections.Generic;
using System.Globalization;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The body of a method that finds a target by its id.</summary>
internal static class TargetSwitchEmitter
{
    /// <summary>An id as a constant.</summary>
    public static string Constant(ulong id) => $"0x{id.ToString("x16", CultureInfo.InvariantCulture)}UL";

    public static void Emit(CodeWriter code, IEnumerable<TargetLookup> lookups)
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
