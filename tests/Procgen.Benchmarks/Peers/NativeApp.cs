using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Procgen.Benchmarks.Peers;

/// <summary>The executable of Native/, published by NativeAOT at most once in a run.</summary>
internal static class NativeApp
{
    private static readonly Lazy<Task<SideResult?>> Publication = new(PublishAsync);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "native", "Procgen.Benchmarks.Native" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    /// <returns>Null once the executable is there; else why it cannot be.</returns>
    public static Task<SideResult?> EnsureAsync() => Publication.Value;

    private static async Task<SideResult?> PublishAsync()
    {
        if (!OperatingSystem.IsWindows() && !HasLinker()) return SideResult.Skip("there is no clang or gcc to link with");
        string project = System.IO.Path.Combine(RepositoryRoot(), "tests", "Procgen.Benchmarks", "Native");
        var start = new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", System.IO.Path.GetDirectoryName(Path)!])
        {
            RedirectStandardOutput = true,
        };
        using Process publish = Process.Start(start)!;
        string said = await publish.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await publish.WaitForExitAsync().ConfigureAwait(false);
        if (publish.ExitCode == 0) return null;
        await Console.Error.WriteLineAsync(said).ConfigureAwait(false);
        return new SideResult([], "dotnet publish of Native/ failed");
    }

    private static bool HasLinker() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Any(static folder => File.Exists(System.IO.Path.Combine(folder, "clang")) || File.Exists(System.IO.Path.Combine(folder, "gcc")));

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Procgen.sln"))) folder = System.IO.Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Procgen.sln");
        return folder;
    }
}
