using System.Reflection;

namespace Procgen.Samples.Tests;

/// <summary>A project under samples/, as this configuration built it.</summary>
internal sealed class Sample(string name)
{
    public static string Folder { get; } = typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "SamplesDirectory").Value!;

    private static string Configuration => typeof(Sample).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public string Name => name;

    public string ProjectFolder => Path.Combine(Folder, name);

    /// <summary>Runs the executable to its end, which must be a good one.</summary>
    /// <returns>The lines it wrote.</returns>
    public async Task<string[]> LinesAsync(params string[] arguments)
    {
        ToolResult result = await RunAsync(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        await TestContext.Out.WriteAsync(result.Output);
        return result.Lines;
    }

    /// <summary>Runs the executable to its end.</summary>
    public Task<ToolResult> RunAsync(params string[] arguments) => Tool.RunAsync(
        Path.Combine(ProjectFolder, "bin", Configuration, "net10.0", OperatingSystem.IsWindows() ? $"{name}.exe" : name),
        Folder,
        arguments);

    /// <summary>Types what the README says: <c>dotnet run --project …</c>, without building again.</summary>
    public Task<ToolResult> DotnetRunAsync(params string[] arguments) =>
        Tool.DotnetAsync(Folder, ["run", "--no-build", "-c", Configuration, "--project", ProjectFolder, "--", .. arguments]);
}
