using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;

namespace Procgen.Generator.Model;

/// <summary>All targets of an assembly → its stub classes. Two targets that would get one stub, or one id, get none.</summary>
internal static class StubGrouping
{
    public static EquatableArray<StubModel> Group(EquatableArray<TargetModel> targets)
    {
        HashSet<TargetModel> doubles = [.. Doubles(targets).SelectMany(static pair => new[] { pair.First, pair.Second })];
        ImmutableArray<StubModel>.Builder stubs = ImmutableArray.CreateBuilder<StubModel>();
        HashSet<string> hints = new(StringComparer.OrdinalIgnoreCase);
        foreach (IGrouping<StubClass, TargetModel> group in targets
            .Where(target => !doubles.Contains(target))
            .GroupBy(static target => target.Stub)
            .OrderBy(static group => group.Key.FullName, StringComparer.Ordinal))
        {
            stubs.Add(new StubModel(
                group.Key,
                HintNames.Of(group.Key.FullName, hints),
                group.OrderBy(static target => target.DocumentationId, StringComparer.Ordinal).ToEquatableArray()));
        }

        return new(stubs.ToImmutable());
    }

    /// <summary>PROCGEN008 without places: those would change with every edit above them.</summary>
    public static EquatableArray<DiagnosticInfo> Problems(EquatableArray<TargetModel> targets) =>
        Doubles(targets).Select(static pair => DiagnosticInfo.From(Problem(pair.First, pair.Second, Location.None))).ToEquatableArray();

    public static Diagnostic Problem(TargetModel first, TargetModel second, Location place) => Diagnostic.Create(
        Diagnostics.SameStub, place, second.DocumentationId.Substring(2), $"the same stub {second.Stub.Name}.{second.Name} as '{first.DocumentationId.Substring(2)}'");

    /// <summary>Targets that cannot both have a stub, each with the one before it.</summary>
    public static IEnumerable<(TargetModel First, TargetModel Second)> Doubles(IEnumerable<TargetModel> targets)
    {
        Dictionary<string, TargetModel> signatures = new(StringComparer.Ordinal);
        Dictionary<ulong, TargetModel> ids = [];
        foreach (TargetModel target in targets.OrderBy(static target => target.DocumentationId, StringComparer.Ordinal))
        {
            if (signatures.TryGetValue(target.StubSignature, out TargetModel same) || ids.TryGetValue(target.Id, out same))
            {
                yield return (same, target);
                continue;
            }

            signatures.Add(target.StubSignature, target);
            ids.Add(target.Id, target);
        }
    }
}
