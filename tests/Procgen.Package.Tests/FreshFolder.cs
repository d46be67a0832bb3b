using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Procgen.Package.Tests;

/// <summary>
/// A new user's folder: projects that take Procgen from the packed package alone, out of a packages folder of their own,
/// so that no copy from an earlier run answers. All else comes from what is installed; nothing is fetched.
/// </summary>
internal sealed class FreshFolder : IDisposable
{
    private readonly TemporaryFolder _root = new();

    private readonly string _framework;

    public FreshFolder(string framework = "net10.0")
    {
        _framework = framework;
        string installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Add("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>{framework}</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestoreSources>{PackedPackage.Feed}</RestoreSources>
                <RestorePackagesPath>{Path.Combine(_root.Path, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{(Directory.Exists(installed) ? installed : "")}</RestoreFallbackFolders>
              </PropertyGroup>
            </Project>
            """);
    }

    public static string PackageReference => $"""<ItemGroup><PackageReference Include="Procgen" Version="{PackedPackage.Version}" /></ItemGroup>""";

    /// <summary>What a project of NUnit tests refers to, in the versions that this repository uses.</summary>
    public static string TestReferences { get; } = "<ItemGroup>" + string.Concat(
        from package in XDocument.Load(Path.Combine(PackedPackage.RepositoryRoot(), "Directory.Packages.props")).Descendants("PackageVersion")
        let name = (string)package.Attribute("Include")!
        where name is "Microsoft.NET.Test.Sdk" || name.StartsWith("NUnit", StringComparison.Ordinal) || name.StartsWith("Microsoft.Test", StringComparison.Ordinal) || name == "Microsoft.Extensions.DependencyModel"
        select $"""<PackageReference Include="{name}" Version="{(string)package.Attribute("Version")!}" />""") + "</ItemGroup>";

    public void Add(string path, string text)
    {
        string file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>An executable project named <paramref name="name"/>, whose program is <paramref name="program"/>.</summary>
    public void AddProgram(string name, string program, string? references = null, string sdk = "Microsoft.NET.Sdk")
    {
        AddProject(name, $"<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>{references ?? PackageReference}", sdk);
        Add($"{name}/Program.cs", program);
    }

    public void AddProject(string name, string content, string sdk = "Microsoft.NET.Sdk") =>
        Add($"{name}/{name}.csproj", $"""<Project Sdk="{sdk}">{content}</Project>""");

    public Task<ToolResult> BuildAsync(string name) => Tool.DotnetAsync(Path.Combine(_root.Path, name), "build", "-c", "Release");

    /// <summary>Builds the project and runs its executable.</summary>
    public async Task<ToolResult> RunAsync(string name) => await (await BuildExecutableAsync(name)).RunAsync();

    /// <summary>Builds the project; what comes back runs its executable.</summary>
    public async Task<ToolCommand> BuildExecutableAsync(string name)
    {
        ToolResult build = await BuildAsync(name);
        Assert.That(build.ExitCode, Is.Zero, build.Output);
        return Executable(Output(name), name);
    }

    /// <summary>Runs what <see cref="BuildExecutableAsync"/> built as <c>dotnet name.dll</c>.</summary>
    public ToolCommand Library(string name) => Tool.Dotnet(_root.Path, Path.Combine(Output(name), $"{name}.dll"));

    /// <summary>Runs the tests of a project.</summary>
    public ToolCommand Tests(string name) => Tool.Dotnet(Path.Combine(_root.Path, name), "test", "-c", "Release");

    /// <summary>
    /// Fetches what a project with <paramref name="content"/> needs into the usual packages folder, by one that has nothing to
    /// do with Procgen, so that only the first run fetches it.
    /// </summary>
    public static async Task<ToolResult> FetchAsync(string framework, string content, params string[] arguments)
    {
        using var project = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(project.Path, "Needed.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>{framework}</TargetFramework></PropertyGroup>{content}</Project>
            """);
        return await Tool.DotnetAsync(project.Path, ["restore", .. arguments]);
    }

    /// <summary>Publishes for this machine with <paramref name="properties"/> as <c>-p:Name=value</c>, runtime packs included; what comes back runs it.</summary>
    public async Task<ToolCommand> PublishAsync(string name, string[] properties)
    {
        string[] all = [.. properties, "-r", RuntimeInformation.RuntimeIdentifier];
        ToolResult restore = await FetchAsync(_framework, "", all);
        Assert.That(restore.ExitCode, Is.Zero, restore.Output);

        ToolResult publish = await Tool.DotnetAsync(Path.Combine(_root.Path, name), ["publish", "-c", "Release", "-o", Path.Combine(_root.Path, "published"), .. all]);
        Assert.That(publish.ExitCode, Is.Zero, publish.Output);
        return Executable(Path.Combine(_root.Path, "published"), name);
    }

    public void Dispose() => _root.Dispose();

    private ToolCommand Executable(string folder, string name) => new(Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name), _root.Path);

    private string Output(string name) => Path.Combine(_root.Path, name, "bin", "Release", _framework);
}
