namespace Procgen.Package.Tests;

/// <summary>What NativeAOT needs beside the SDK.</summary>
internal static class NativeCompiler
{
    /// <summary>The packs for .NET 10 are not in every mirror.</summary>
    public const string Framework = "net9.0";

    public static string[] Properties { get; } = ["-p:PublishAot=true"];

    /// <summary>Continuous integration installs a C compiler; `dotnet test` needs no more than the SDK.</summary>
    public static void AssumeIsThere()
    {
        bool isRequired = Environment.GetEnvironmentVariable("CI") == "true";
        Assume.That(isRequired || OperatingSystem.IsWindows() || HasLinker(), "There is no C compiler to link with.");
    }

    private static bool HasLinker() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(static folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));
}
