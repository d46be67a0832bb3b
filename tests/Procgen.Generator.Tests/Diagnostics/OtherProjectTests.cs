using Microsoft.CodeAnalysis;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>In an editor, what another project declares has a place in source, but in that project's: everything is reported in this one's.</summary>
public sealed class OtherProjectTests
{
    private static readonly MetadataReference Library = AppCompilation.Of("""
        namespace Lib;
        public class Job { public System.IO.Stream? Stream { get; set; } }
        public interface IThing { }
        public class Base : ChildProcess { public System.IO.Stream? Stream { get; set; } }
        public class Store { public System.IO.Stream? Stream { get; set; } public void F(Action a) { } public int X { get; set; } }
        """, name: "Lib").ToMetadataReference();

    [TestCase("class C { [ProcessTarget] internal static void F(Lib.Job {|PROCGEN003:job|}) { } }")]
    [TestCase("class C { [ProcessTarget] internal static void F(Lib.IThing {|PROCGEN003:thing|}) { } }")]
    [TestCase("class C { ProcessQueue<{|PROCGEN012:Lib.Job|}>? q; }")]
    [TestCase("[ProcessTarget] partial class {|PROCGEN003:P|} : Lib.Base { }")]
    [TestCase("[ManagedObject] class C : Lib.Store { }")]
    public async Task It_is_reported_where_it_is_used(string source)
    {
        Markup markup = Markup.Parse(source);
        IReadOnlyList<Diagnostic> found = await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.Of(markup.Source, more: Library));
        Assert.That(found.Select(static diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan)), Is.EqualTo(markup.Expected));
    }
}
