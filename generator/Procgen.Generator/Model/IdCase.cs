namespace Procgen.Generator.Model;

/// <summary>The id of a target or managed class, and the expression that finds it: several ids may have one.</summary>
internal sealed record IdCase(ulong Id, string Expression);
