using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Procgen.Generator.Tests.Support;

/// <summary>Source with the diagnostics that are expected in it: <c>{|PROCGEN001:Name|}</c>.</summary>
internal sealed partial class Markup
{
    private Markup(string source, IReadOnlyList<(string Id, TextSpan Span)> expected)
    {
        Source = source;
        Expected = expected;
    }

    public string Source { get; }

    public IReadOnlyList<(string Id, TextSpan Span)> Expected { get; }

    public static Markup Parse(string text)
    {
        List<(string Id, TextSpan Span)> expected = [];
        while (Innermost().Match(text) is { Success: true } mark)
        {
            string marked = mark.Groups["text"].Value;
            text = text.Remove(mark.Index, mark.Length).Insert(mark.Index, marked);
            // Marks inside this one have been taken out before; they move with its head.
            int head = mark.Groups["text"].Index - mark.Index;
            expected = [.. expected.Select(inner => inner.Span.Start < mark.Index ? inner : (inner.Id, new TextSpan(inner.Span.Start - head, inner.Span.Length)))];
            expected.Add((mark.Groups["id"].Value, new TextSpan(mark.Index, marked.Length)));
        }

        return new Markup(text, expected);
    }

    public IEnumerable<string> Describe(IEnumerable<(string Id, TextSpan Span)> diagnostics) =>
        diagnostics.OrderBy(static found => found.Span.Start).ThenBy(static found => found.Id, StringComparer.Ordinal).ThenBy(static found => found.Span.Length)
            .Select(found => $"{found.Id} at {found.Span.Start}: {(found.Span.End <= Source.Length ? Source.Substring(found.Span.Start, found.Span.Length) : "")}");

    [GeneratedRegex(@"\{\|(?<id>PROCGEN\d+):(?<text>[^{|]*(?:\{(?!\|)[^{|]*)*)\|\}")]
    private static partial Regex Innermost();
}
