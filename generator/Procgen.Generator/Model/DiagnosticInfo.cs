using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Procgen.Generator.Model;

/// <summary>A diagnostic as a plain value: what the generator keeps of one between its steps.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, string Message, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static DiagnosticInfo From(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
        return new(
            diagnostic.Descriptor,
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            place.Path ?? "",
            diagnostic.Location.SourceSpan,
            place.Span);
    }

    /// <summary>The diagnostic again, at the same place but no longer tied to a syntax tree.</summary>
    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Descriptor.Id,
        Descriptor.Category,
        Message,
        Descriptor.DefaultSeverity,
        Descriptor.DefaultSeverity,
        Descriptor.IsEnabledByDefault,
        Descriptor.DefaultSeverity == DiagnosticSeverity.Error ? 0 : 1,
        Descriptor.Title,
        Descriptor.Description,
        Descriptor.HelpLinkUri,
        Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines),
        Enumerable.Empty<Location>(),
        Descriptor.CustomTags);
}
