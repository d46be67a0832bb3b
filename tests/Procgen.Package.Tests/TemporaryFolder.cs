namespace Procgen.Package.Tests;

/// <summary>A folder outside the repository, so that none of its build files apply; gone when disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("package-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
