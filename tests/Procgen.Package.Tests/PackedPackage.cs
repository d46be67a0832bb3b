using System.IO.Compression;
using System.Reflection;

namespace Procgen.Package.Tests;

/// <summary>Packs what the solution built, once for all tests, under a version that no cache knows.</summary>
[SetUpFixture]
internal sealed class PackedPackage
{
    private static TemporaryFolder? _feed;

    public static string Feed => _feed!.Path;

    public static string Version { get; } = $"0.1.0-test.{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>The paths of the files in the package.</summary>
    public static IReadOnlyList<string> Entries()
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Feed, $"Procgen.{Version}.nupkg"));
        return [.. archive.Entries.Select(static entry => entry.FullName)];
    }

    /// <summary>How many bytes a file of the package has.</summary>
    public static long Length(string path) => Read(path, static entry => entry.Length);

    /// <summary>A file of the package.</summary>
    public static string ReadText(string path) => Read(path, static entry =>
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    });

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        _feed = new TemporaryFolder();
        string configuration = typeof(PackedPackage).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        ToolResult pack = await Tool.DotnetAsync(
            Path.Combine(RepositoryRoot(), "runtime", "Procgen"),
            "pack", "--no-build", "-c", configuration, "-o", Feed, $"-p:PackageVersion={Version}", $"-p:NuspecOutputPath={Feed}");
        Assert.That(pack.ExitCode, Is.Zero, pack.Output);
    }

    [OneTimeTearDown]
    public void Delete() => _feed?.Dispose();

    public static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Procgen.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Procgen.sln");
        return folder;
    }

    private static T Read<T>(string path, Func<ZipArchiveEntry, T> read)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Feed, $"Procgen.{Version}.nupkg"));
        return read(archive.GetEntry(path) ?? throw new FileNotFoundException("It is not in the package.", path));
    }
}
