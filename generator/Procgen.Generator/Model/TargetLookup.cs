namespace Procgen.Generator.Model;

/// <summary>Ids of targets, and the expression that finds the target of an id.</summary>
internal sealed record TargetLookup(EquatableArray<ulong> Ids, string Expression);
