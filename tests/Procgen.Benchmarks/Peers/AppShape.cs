using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Procgen.Benchmarks.Peers;

/// <summary>A shape that an app is shipped in, of the project in Published/: published at most once in a run, when a row asks for it.</summary>
internal sealed class AppShape
{
    private const string Project = "Procgen.Benchmarks.Published";

    private readonly string _name;
    private readonly Lazy<Task<SideResult?>> _publication;

    private AppShape(string name)
    {
        _name = name;
        _publication = new Lazy<Task<SideResult?>>(PublishAsync);
    }

    /// <summary>Run as <c>dotnet app.dll</c>, on the installed runtime.</summary>
    public static AppShape Dotnet { get; } = new("dotnet");

    public static AppShape SelfContained { get; } = new("self-contained");

    public static AppShape SingleFile { get; } = new("single-file");

    /// <summary>A single file that is smaller, and unpacked in memory by each process.</summary>
    public static AppShape Compressed { get; } = new("compressed");

    public static AppShape Trimmed { get; } = new("trimmed");

    /// <summary>NativeAOT.</summary>
    public static AppShape Native { get; } = new("native");

    private string Folder => Path.Combine(AppContext.BaseDirectory, "published", _name);

    /// <summary>What runs the app, and the first of its arguments.</summary>
    public (string FileName, string[] Arguments) CommandLine => this == Dotnet
        ? ("dotnet", [Path.Combine(Folder, Project + ".dll")])
        : (Path.Combine(Folder, OperatingSystem.IsWindows() ? Project + ".exe" : Project), []);

    /// <returns>Null once the app is there; else why it cannot be.</returns>
    public Task<SideResult?> EnsureAsync() => _publication.Value;

    private async Task<SideResult?> PublishAsync()
    {
        if (this == Native && !OperatingSystem.IsWindows() && !HasLinker()) return SideResult.Skip("there is no clang or gcc to link with");
        string project = Path.Combine(RepositoryRoot(), "tests", "Procgen.Benchmarks", "Published");
        var start = new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, $"-p:Shape={_name}", "-o", Folder])
        {
            RedirectStandardOutput = true,
        };
        using Process publish = Process.Start(start)!;
        string said = await publish.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await publish.WaitForExitAsync().ConfigureAwait(false);
        if (publish.ExitCode == 0) return null;
        await Console.Error.WriteLineAsync(said).ConfigureAwait(false);
        return new SideResult([], $"dotnet publish of Published/ failed for {_name}");
    }

    private static bool HasLinker() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(static folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Procgen.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Procgen.sln");
        return folder;
    }
}
