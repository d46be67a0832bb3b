using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>A method that finds what has an id: null where nothing has.</summary>
internal static class IdSwitchEmitter
{
    /// <summary>How many expressions one method has: to compile it loads the types of all of them, and a process needs those of one.</summary>
    private const int MostExpressions = 8;

    /// <summary>An id as a constant.</summary>
    public static string Constant(ulong id) => $"0x{id.ToString("x16", CultureInfo.InvariantCulture)}UL";

    /// <param name="code">Where to.</param>
    /// <param name="access">The method's modifiers, <c>static</c> among them.</param>
    /// <param name="type">What it finds, a class of the services.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="cases">In any order.</param>
    public static void EmitMethod(CodeWriter code, string access, string type, string name, IEnumerable<IdCase> cases) =>
        EmitRange(code, $"{access} {StubEmitter.Services}{type}?", $"static {StubEmitter.Services}{type}?", name, [.. cases.OrderBy(static found => found.Id)]);

    /// <summary>A tree of local functions: of what finds one thing only a branch is compiled.</summary>
    private static void EmitRange(CodeWriter code, string head, string localHead, string name, IdCase[] sorted)
    {
        using CodeWriter.Scope method = code.Block($"{head} {name}(ulong id)");
        IGrouping<string, IdCase>[] expressions = [.. sorted.GroupBy(static found => found.Expression)];
        if (expressions.Length <= MostExpressions)
        {
            EmitCases(code, expressions);
            return;
        }

        int length = Math.Max(MostExpressions, (sorted.Length + MostExpressions - 1) / MostExpressions);
        IdCase[][] parts = [.. Enumerable.Range(0, (sorted.Length + length - 1) / length).Select(part => sorted.Skip(part * length).Take(length).ToArray())];
        using (code.Block("switch (id)"))
        {
            for (int i = 0; i < parts.Length; i++)
            {
                code.Line(i + 1 < parts.Length ? $"case < {Constant(parts[i + 1][0].Id)}:" : "default:");
                using (code.Indent()) code.Line($"return {name}_{i}(id);");
            }
        }

        for (int i = 0; i < parts.Length; i++)
        {
            code.Line();
            EmitRange(code, localHead, localHead, $"{name}_{i}", parts[i]);
        }
    }

    private static void EmitCases(CodeWriter code, IEnumerable<IGrouping<string, IdCase>> expressions)
    {
        using (code.Block("switch (id)"))
        {
            foreach (IGrouping<string, IdCase> same in expressions)
            {
                foreach (IdCase found in same) code.Line($"case {Constant(found.Id)}:");
                using (code.Indent()) code.Line($"return {same.Key};");
            }

            code.Line("default:");
            using (code.Indent()) code.Line("return null;");
        }
    }
}
