using System;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Procgen.Generator.Analysis;

/// <summary>
/// Who reports: the analyzer, whose diagnostics have fixes, or, in a build that runs none, the generator. The package's
/// targets file makes both properties visible here.
/// </summary>
internal static class AnalyzerSwitch
{
    public static bool IsOff(AnalyzerConfigOptionsProvider options) =>
        IsFalse(options, "build_property.RunAnalyzers") || IsFalse(options, "build_property.RunAnalyzersDuringBuild");

    private static bool IsFalse(AnalyzerConfigOptionsProvider options, string name) =>
        options.GlobalOptions.TryGetValue(name, out string? value) && value.Equals("false", StringComparison.OrdinalIgnoreCase);
}
