namespace Procgen.Generator.Model;

/// <summary>Where a target's argument comes from.</summary>
internal enum ParameterKind
{
    /// <summary>From the caller, by value.</summary>
    Value,

    /// <summary>From the caller, as the far end of an IProgress.</summary>
    Progress,

    /// <summary>From the worker: the call's token.</summary>
    CancellationToken,

    /// <summary>From the worker: its context.</summary>
    WorkerContext,
}

internal static class ParameterKinds
{
    /// <summary>Whether the caller gives it, so that the stub has it.</summary>
    public static bool IsInStub(this ParameterKind kind) => kind is ParameterKind.Value or ParameterKind.Progress;
}

/// <summary>A target's parameter.</summary>
/// <param name="Kind">Where the argument comes from.</param>
/// <param name="Name">Its name, escaped.</param>
/// <param name="TypeName">Its type in the stub, with annotations.</param>
/// <param name="TypeKey">Its type as it tells overloads apart: without annotations and names of tuple elements.</param>
/// <param name="Type">How it, or what is reported to it, is written; null where nothing is.</param>
/// <param name="Progress">The type of what is reported, with annotations.</param>
/// <param name="Before">Attributes and <c>params</c> in front of the type.</param>
/// <param name="Default">The default value with its <c>=</c>, or empty.</param>
/// <param name="TargetTakesNoNull">The stub's type was made nullable for a null default that the target's hides.</param>
internal sealed record ParameterModel(
    ParameterKind Kind,
    string Name,
    string TypeName,
    string TypeKey,
    TypeModel? Type = null,
    string? Progress = null,
    string Before = "",
    string Default = "",
    bool TargetTakesNoNull = false)
{
    public bool IsInStub => Kind.IsInStub();

    public bool IsParams => Before.EndsWith("params ", System.StringComparison.Ordinal);
}
