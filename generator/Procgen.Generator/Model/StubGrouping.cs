using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Procgen.Generator.Model;

/// <summary>All targets of an assembly → its stub classes. Two targets that would get one stub, or one id, get none.</summary>
internal static class StubGrouping
{
    public static EquatableArray<StubModel> Group(ImmutableArray<TargetModel> targets)
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
