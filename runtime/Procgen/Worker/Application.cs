using System.Reflection;

namespace Procgen.Worker;

/// <summary>The app that this worker belongs to.</summary>
internal static class Application
{
    private const string DepsSuffix = ".deps.json";

    /// <summary>Set where this process began in the library's own entry assembly: the app's is yet to be loaded.</summary>
    public static bool IsBehindEntry { get; set; }

    /// <summary>Its entry assembly, which is everybody's from then on.</summary>
    public static Assembly? Load()
    {
#if NET9_0_OR_GREATER
        if (IsBehindEntry && FindName() is { } name)
        {
            Assembly application = Assembly.Load(new AssemblyName { Name = name });
            Assembly.SetEntryAssembly(application);
            Launching.ProcessSetup.SetName(name);
            return application;
        }
#endif
        return Assembly.GetEntryAssembly();
    }

#if NET9_0_OR_GREATER
    /// <summary>The parent started the runtime with the app's own list of dependencies, which is the first of them here.</summary>
    private static string? FindName()
    {
        if (AppContext.GetData("APP_CONTEXT_DEPS_FILES") is not string files) return null;
        ReadOnlySpan<char> first = files;
        if (first.IndexOf(';') is >= 0 and int end) first = first[..end];
        return first.EndsWith(DepsSuffix, StringComparison.Ordinal) ? Path.GetFileName(first[..^DepsSuffix.Length]).ToString() : null;
    }
#endif
}
