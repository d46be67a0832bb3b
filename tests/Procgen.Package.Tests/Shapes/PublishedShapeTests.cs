namespace Procgen.Package.Tests.Shapes;

/// <summary>The end-to-end program as an app of its own, built and published in the shapes that apps are shipped in.</summary>
public sealed class PublishedShapeTests
{
    [Test]
    public async Task A_fresh_console_app_passes_from_its_apphost_and_by_dotnet()
    {
        using FreshFolder folder = Fresh("net10.0");

        ToolCommand apphost = await folder.BuildExecutableAsync("App");
        await EndToEndRun.AssertPassesAsync(apphost);
        await EndToEndRun.AssertPassesAsync(folder.Library("App"));
    }

    [TestCase("-p:SelfContained=true", TestName = "A self-contained app passes")]
    [TestCase("-p:PublishSingleFile=true", "-p:SelfContained=false", TestName = "A single file on an installed runtime passes")]
    [TestCase("-p:PublishSingleFile=true", "-p:SelfContained=true", "-p:EnableCompressionInSingleFile=true", TestName = "A compressed self-contained single file passes")]
    [TestCase("-p:PublishTrimmed=true", "-p:SelfContained=true", TestName = "A trimmed app passes, without a trim warning")]
    public Task Published_as(params string[] properties) => AssertPassesAsync("net10.0", properties);

    [Test]
    public Task An_app_for_NET_8_and_its_C_sharp_passes_on_that_runtime() => AssertPassesAsync("net8.0", ["-p:SelfContained=true"]);

    /// <summary>The native compiler's packs for .NET 10 are not in every mirror; the library is the one for net8.0 here.</summary>
    [Test]
    public Task A_native_executable_passes_without_a_warning()
    {
        NativeCompiler.AssumeIsThere();
        return AssertPassesAsync(NativeCompiler.Framework, NativeCompiler.Properties);
    }

    private static async Task AssertPassesAsync(string framework, string[] properties)
    {
        using FreshFolder folder = Fresh(framework);
        await EndToEndRun.AssertPassesAsync(await folder.PublishAsync("App", properties));
    }

    private static FreshFolder Fresh(string framework)
    {
        var folder = new FreshFolder(framework);
        folder.AddProgram("App", EndToEndRun.Main);
        folder.Add("App/EndToEnd.cs", EndToEndRun.Source);
        return folder;
    }
}
