using System.Collections.Generic;
using System.Linq;

namespace Procgen.Generator.Model;

/// <summary>One generated stub class with all its targets: one file.</summary>
/// <param name="Stub">The class.</param>
/// <param name="HintName">The file's name.</param>
/// <param name="Targets">Its targets in order of their documentation ids, whatever order files are compiled in.</param>
internal sealed record StubModel(StubClass Stub, string HintName, EquatableArray<TargetModel> Targets)
{
    /// <summary>The user's own part of the class, which every target found there.</summary>
    public OwnPartModel? Own => Targets[0].Own;

    /// <summary>Names that stand in the class already: stubs, and what the user's part has.</summary>
    public IEnumerable<string> Names => Targets.Select(static target => target.Name).Concat(Own?.Members ?? default);
}
