using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Procgen.Generator.Tests.Support;

/// <summary>Applies a fix as an editor would, in a workspace of one project.</summary>
internal static class FixRun
{
    public static async Task AssertAsync<TFix>(string before, string after, params MetadataReference[] more)
        where TFix : CodeFixProvider, new()
    {
        (Document document, List<CodeAction> actions) = await ActionsAsync<TFix>(before, more);
        using Workspace workspace = document.Project.Solution.Workspace;
        Assert.That(actions, Has.Count.EqualTo(1));
        ImmutableArray<CodeActionOperation> operations = await actions[0].GetOperationsAsync(CancellationToken.None);
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        SourceText text = await changed.GetDocument(document.Id)!.GetTextAsync();
        Assert.That(text.ToString().ReplaceLineEndings("\n"), Is.EqualTo(after));
        Assert.That(new TFix().GetFixAllProvider(), Is.Not.Null);
    }

    /// <summary>Fails where the fix is offered, though what it mends is reported.</summary>
    public static async Task AssertNoneAsync<TFix>(string source)
        where TFix : CodeFixProvider, new()
    {
        (Document document, List<CodeAction> actions) = await ActionsAsync<TFix>(source);
        using Workspace workspace = document.Project.Solution.Workspace;
        Assert.That(actions, Is.Empty);
    }

    private static async Task<(Document Document, List<CodeAction> Actions)> ActionsAsync<TFix>(string before, params MetadataReference[] more)
        where TFix : CodeFixProvider, new()
    {
        AdhocWorkspace workspace = new();
        // Generated files are documents here: the workspace runs no generators.
        Compilation app = AppCompilation.Of(before, more: more);
        GeneratorRun generated = GeneratorRun.Of(app);
        ProjectId id = ProjectId.CreateNewId();
        Solution solution = workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(
                id, VersionStamp.Default, "App", "App", LanguageNames.CSharp, parseOptions: AppCompilation.ParseOptions,
                compilationOptions: app.Options, metadataReferences: app.References));
        foreach (SyntaxTree tree in generated.Output.SyntaxTrees)
            solution = solution.AddDocument(DocumentId.CreateNewId(id), Path.GetFileName(tree.FilePath), tree.GetText(), filePath: tree.FilePath);
        Document document = solution.Projects.Single().Documents.Single(static candidate => candidate.Name == "App.cs");

        TFix fix = new();
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        Diagnostic diagnostic = (await AnalyzerRun.OnlyAnalyzersAsync(compilation)).First(found => fix.FixableDiagnosticIds.Contains(found.Id));
        List<CodeAction> actions = [];
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        return (document, actions);
    }
}
