using System.Reflection;

namespace Procgen.Generator.Tests.Support;

/// <summary>Where this repository lies, as its build noted.</summary>
internal static class Repository
{
    public static string TestProject { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "ProjectDirectory").Value!;

    public static string Root { get; } = Path.GetFullPath(Path.Combine(TestProject, "..", ".."));
}
