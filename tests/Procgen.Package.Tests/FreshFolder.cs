namespace Procgen.Package.Tests;

/// <summary>
/// A new user's folder: projects that take Procgen from the packed package alone, out of a packages folder of their own,
/// so that no copy from an earlier run answers. All else comes from what is installed; nothing is fetched.
/// </summary>
internal sealed class FreshFolder : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public FreshFolder()
    {
        string installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Add("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
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
    public async Task<ToolResult> RunAsync(string name, params string[] arguments)
    {
        ToolResult build = await BuildAsync(name);
        Assert.That(build.ExitCode, Is.Zero, build.Output);
        return await Tool.RunAsync(Path.Combine(Output(name), OperatingSystem.IsWindows() ? $"{name}.exe" : name), _root.Path, arguments);
    }

    /// <summary>Runs what <see cref="RunAsync"/> built as <c>dotnet name.dll</c>.</summary>
    public Task<ToolResult> RunLibraryAsync(string name, params string[] arguments) =>
        Tool.DotnetAsync(_root.Path, [Path.Combine(Output(name), $"{name}.dll"), .. arguments]);

    public void Dispose() => _root.Dispose();

    private string Output(string name) => Path.Combine(_root.Path, name, "bin", "Release", "net10.0");
}
