using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Analysis;

/// <summary>Everything that Procgen reports at compile time. Each has a section of the same name on the help page.</summary>
internal static class Diagnostics
{
    private const string HelpPage = "https://github.com/procgen/procgen/blob/main/generator/README.md#";

    private const string CannotCross = "{0} ({1}) cannot cross the process boundary: {2}";

    public static readonly DiagnosticDescriptor NotStatic = Error(
        "PROCGEN001", "The target must be static", "Target '{0}' must be static: a child process has no instance to call it on");

    public static readonly DiagnosticDescriptor NotAccessible = Error(
        "PROCGEN002", "The target is not accessible to its stub", "'{0}' is {1}, so the code generated for '{2}' cannot reach it: make it internal or public");

    public static readonly DiagnosticDescriptor ParameterCannotCross = Error(
        "PROCGEN003", "The parameter cannot cross the process boundary", CannotCross);

    public static readonly DiagnosticDescriptor ReturnCannotCross = Error(
        "PROCGEN004", "The return type cannot cross the process boundary", CannotCross);

    public static readonly DiagnosticDescriptor ParameterKind = Error(
        "PROCGEN005", "The parameter has no value that could be sent", "Parameter '{0}' of '{1}' is {2}, which has no meaning in another process");

    public static readonly DiagnosticDescriptor Generic = Error(
        "PROCGEN006", "The target is generic", "'{0}' {1}: the other process knows closed types and methods only");

    public static readonly DiagnosticDescriptor AsyncVoid = Error(
        "PROCGEN007", "The target is async void", "'{0}' is async void, so nobody could await its end: return Task");

    public static readonly DiagnosticDescriptor SameStub = Error(
        "PROCGEN008", "The stub's name is taken", "'{0}' would get {1}",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "PROCGEN009", "The process class must be partial", "'{0}' must be partial: the generator adds to {1} what starts it in a child process");

    public static readonly DiagnosticDescriptor PrivateState = Warning(
        "PROCGEN010", "Private state does not cross", "'{0}' does not cross the process boundary, only public fields and readable properties do: make it public, or say so with [ProcessIgnore]",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor StaticState = Warning(
        "PROCGEN011", "The target reads a static field that others assign", "Target '{0}' reads '{1}', which '{2}' assigns: a worker has a copy of its own, where that assignment never happens",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor TypeArgumentCannotCross = Error(
        "PROCGEN012", "The type argument cannot cross the process boundary", CannotCross);

    public static readonly DiagnosticDescriptor ProcessCannotCross = Error(
        "PROCGEN013", "A pool or child process cannot be passed to another process", "{0} ({1}) cannot be passed to another process: {2}");

    public static readonly DiagnosticDescriptor ThrowsUnusable = Error(
        "PROCGEN014", "The exception in Throws cannot be made again", "'{0}' in Throws {1}: the caller could not make one");

    public static readonly DiagnosticDescriptor NeverJoined = Warning(
        "PROCGEN015", "The started process is never waited for", "The process is started and then never joined, awaited or disposed: its errors would go unseen");

    public static readonly DiagnosticDescriptor LocalLock = Error(
        "PROCGEN016", "The lock holds in this process only", "{0} on a {1} locks this process only: {2}");

    public static readonly DiagnosticDescriptor DroppedCall = Warning(
        "PROCGEN017", "The call is not run", "{0}");

    public static readonly DiagnosticDescriptor Misplaced = Error(
        "PROCGEN018", "The attribute has no meaning here", "{0} on '{1}', which is {2}: it belongs on {3}");

    private static DiagnosticDescriptor Error(string id, string title, string message, params string[] tags) =>
        Describe(id, title, message, DiagnosticSeverity.Error, tags);

    private static DiagnosticDescriptor Warning(string id, string title, string message, params string[] tags) =>
        Describe(id, title, message, DiagnosticSeverity.Warning, tags);

    private static DiagnosticDescriptor Describe(string id, string title, string message, DiagnosticSeverity severity, string[] tags) =>
        new(id, title, message, "Procgen", severity, isEnabledByDefault: true, description: null, helpLinkUri: HelpPage + id.ToLowerInvariant(), customTags: tags);
}
