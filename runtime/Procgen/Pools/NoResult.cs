namespace Procgen.Pools;

/// <summary>What a target without a result returns.</summary>
internal readonly struct NoResult;
