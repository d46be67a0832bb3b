using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Model;

/// <summary>What the transform leaves of a piece of syntax: a model or none, the codecs it needs, and what is wrong with it.</summary>
internal sealed record ParsedSyntax<T>(
    EquatableArray<T> Models, EquatableArray<CodecModel> Codecs, EquatableArray<RegisteredType> HandleArguments, EquatableArray<DiagnosticInfo> Problems)
    where T : class, IEquatable<T>;

internal static class ParsedSyntax
{
    public static ParsedSyntax<T> From<T>(Parsed<T> parsed)
        where T : class, IEquatable<T>
    {
        EquatableArray<DiagnosticInfo> problems = parsed.Diagnostics.Select(DiagnosticInfo.From).ToEquatableArray();
        return parsed.Model is { } model
            ? new(new(ImmutableArray.Create(model)), parsed.Codecs, parsed.HandleArguments, problems)
            : new(default, default, default, problems);
    }

    /// <summary>The models alone, under a name of their own.</summary>
    public static IncrementalValuesProvider<T> Models<T>(this IncrementalValuesProvider<ParsedSyntax<T>> parsed, string step)
        where T : class, IEquatable<T> =>
        parsed.SelectMany(static (syntax, _) => syntax.Models).WithTrackingName(step);

    /// <summary>The codecs of all, each once.</summary>
    public static IncrementalValueProvider<EquatableArray<CodecModel>> Codecs<T>(this IncrementalValuesProvider<ParsedSyntax<T>> parsed)
        where T : class, IEquatable<T> =>
        parsed.SelectMany(static (syntax, _) => syntax.Codecs).Collect().Select(static (codecs, _) => codecs.Distinct().ToEquatableArray());

    /// <summary>The types that handles name, of all, each once.</summary>
    public static IncrementalValueProvider<EquatableArray<RegisteredType>> HandleArguments<T>(this IncrementalValuesProvider<ParsedSyntax<T>> parsed)
        where T : class, IEquatable<T> =>
        parsed.SelectMany(static (syntax, _) => syntax.HandleArguments).Collect().Select(static (types, _) => types.Distinct().ToEquatableArray());

    /// <summary>The problems of all.</summary>
    public static IncrementalValueProvider<EquatableArray<DiagnosticInfo>> Problems<T>(this IncrementalValuesProvider<ParsedSyntax<T>> parsed)
        where T : class, IEquatable<T> =>
        parsed.SelectMany(static (syntax, _) => syntax.Problems).Collect().Select(static (problems, _) => problems.ToEquatableArray());

    /// <summary>Two lists as one.</summary>
    public static IncrementalValueProvider<EquatableArray<T>> Concat<T>(this IncrementalValueProvider<EquatableArray<T>> first, IncrementalValueProvider<EquatableArray<T>> second)
        where T : IEquatable<T> =>
        first.Combine(second).Select(static (both, _) => both.Left.Concat(both.Right).Distinct().ToEquatableArray());
}
