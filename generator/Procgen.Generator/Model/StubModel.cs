namespace Procgen.Generator.Model;

/// <summary>One generated stub class with all its targets: one file.</summary>
/// <param name="Stub">The class.</param>
/// <param name="HintName">The file's name.</param>
/// <param name="Targets">Its targets in order of their documentation ids, whatever order files are compiled in.</param>
internal sealed record StubModel(StubClass Stub, string HintName, EquatableArray<TargetModel> Targets);
