namespace Procgen;

/// <summary>How far a map has come.</summary>
/// <param name="Completed">Items that returned.</param>
/// <param name="Failed">Items that did not.</param>
/// <param name="Total">How many there are, where the source says so.</param>
/// <param name="Rate">Items a second since the beginning.</param>
/// <param name="Remaining">How long the rest will take at this rate, where the total is known.</param>
public readonly record struct MapProgress(long Completed, long Failed, long? Total, double Rate, TimeSpan? Remaining);
