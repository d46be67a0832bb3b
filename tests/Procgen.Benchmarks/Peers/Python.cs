namespace Procgen.Benchmarks.Peers;

/// <summary>Finds the interpreter to compare with: the newest from 3.13 on under pyenv, else python3 on the PATH.</summary>
internal static class Python
{
    private static readonly Version Oldest = new(3, 13);

    public static string? Find() => FindUnderPyenv() ?? FindOnPath();

    private static string? FindUnderPyenv()
    {
        string root = Environment.GetEnvironmentVariable("PYENV_ROOT")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv");
        string versions = Path.Combine(root, "versions");
        if (!Directory.Exists(versions)) return null;
        return Directory.EnumerateDirectories(versions)
            .Select(static folder => (Version: ParseVersion(Path.GetFileName(folder)), Path: Path.Combine(folder, "bin", "python3")))
            .Where(static found => found.Version >= Oldest && File.Exists(found.Path))
            .MaxBy(static found => found.Version)
            .Path;
    }

    private static string? FindOnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(static folder => new[] { Path.Combine(folder, "python3"), Path.Combine(folder, "python.exe") })
        .FirstOrDefault(File.Exists);

    private static Version? ParseVersion(string name) => Version.TryParse(name, out Version? version) ? version : null;
}
