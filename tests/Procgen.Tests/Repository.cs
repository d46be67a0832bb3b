namespace Procgen.Tests;

/// <summary>Where the sources of this build lie, for tests that read them.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Runtime { get; } = Path.Combine(Root, "runtime", "Procgen");

    public static IEnumerable<string> RuntimeSources() => Directory.EnumerateFiles(Runtime, "*.cs", SearchOption.AllDirectories)
        .Where(static file => Path.GetRelativePath(Runtime, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));

    /// <summary>The runtime's folder that <paramref name="file"/> lies in: <c>Calls</c>.</summary>
    public static string FolderOf(string file) => Path.GetRelativePath(Runtime, file).Split(Path.DirectorySeparatorChar)[0];

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Procgen.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Procgen.sln");
        return folder;
    }
}
