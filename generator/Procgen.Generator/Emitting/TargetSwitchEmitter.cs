using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The body of a method that finds a target by its id.</summary>
internal static class TargetSwitchEmitter
{
    /// <summary>How many places one method looks in: to compile it loads the types of all of them, and a worker needs those of one.</summary>
    private const int MostPlaces = 8;

    /// <summary>An id as a constant.</summary>
    public static string Constant(ulong id) => $"0x{id.ToString("x16", CultureInfo.InvariantCulture)}UL";

    public static void Emit(CodeWriter code, IReadOnlyCollection<TargetLookup> lookups)
    {
        if (lookups.Count <= MostPlaces)
        {
            EmitPlaces(code, lookups);
            return;
        }

        TargetLookup[] sorted =
        [
            .. lookups.SelectMany(static lookup => lookup.Ids, static (lookup, id) => (Id: id, lookup.Expression))
                .OrderBy(static place => place.Id)
                .Select(static place => new TargetLookup(new([place.Id]), place.Expression)),
        ];
        EmitRanges(code, sorted, "Find");
    }

    private static void EmitPlaces(CodeWriter code, IEnumerable<TargetLookup> lookups)
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

    /// <summary>A tree of local functions: of what finds a target only a branch is compiled.</summary>
    private static void EmitRanges(CodeWriter code, TargetLookup[] sorted, string name)
    {
        if (sorted.Length <= MostPlaces)
        {
            EmitPlaces(code, sorted);
            return;
        }

        int length = Math.Max(MostPlaces, (sorted.Length + MostPlaces - 1) / MostPlaces);
        List<TargetLookup[]> parts = [];
        for (int start = 0; start < sorted.Length; start += length) parts.Add([.. sorted.Skip(start).Take(length)]);
        using (code.Block("switch (id)"))
        {
            for (int i = 0; i < parts.Count; i++)
            {
                code.Line(i + 1 < parts.Count ? $"case < {Constant(parts[i + 1][0].Ids.Items[0])}:" : "default:");
                using (code.Indent()) code.Line($"return {name}{i}(id);");
            }
        }

        for (int i = 0; i < parts.Count; i++)
        {
            code.Line();
            using (code.Block($"static {StubEmitter.Services}Target? {name}{i}(ulong id)")) EmitRanges(code, parts[i], $"{name}{i}_");
        }
    }
}
