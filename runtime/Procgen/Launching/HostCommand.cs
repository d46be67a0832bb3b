using System.Runtime.InteropServices;

namespace Procgen.Launching;

/// <summary>A program to start and its arguments; above all, how this process was itself started.</summary>
/// <param name="FileName">The executable's full path.</param>
/// <param name="Arguments">What follows it.</param>
internal sealed record HostCommand(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The library's own entry assembly, beside the application's. Its Main is a worker's: it needs no startup hook.</summary>
    public const string EntryAssembly = "Procgen.Host";

    private static HostCommand? _own;

    /// <summary>The first of its arguments by convention: the name that lists of processes show.</summary>
    public string CalledAs { get; init; } = FileName;

    /// <summary>What the <c>dotnet</c> command is to run; null where the executable is a program itself.</summary>
    public string? Assembly { get; init; }

    /// <summary>Whether a startup hook must come before the application's Main.</summary>
    public bool NeedsHook { get; init; } = true;

    private static string MuxerName => OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>What starts <paramref name="executablePath"/> (a .dll by the <c>dotnet</c> command), or for null this same program again.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static HostCommand Resolve(string? executablePath)
    {
        if (executablePath is null) return _own ??= ResolveOwn(byEntry: true);

        string path = Path.GetFullPath(executablePath);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no executable '{path}' to start workers from.", path);
        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) return new HostCommand(FindMuxer(), ["exec", path]) { Assembly = path };

        // The dotnet command alone is no app: where it has started this one, that is meant.
        return IsMuxer(path) && path == Environment.ProcessPath ? ResolveOwn(byEntry: false) : new HostCommand(path, []);
    }

    private static HostCommand ResolveOwn(bool byEntry)
    {
        string process = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not say which executable this process runs; set ProcessDefaults.ExecutablePath.");
        bool isMuxer = IsMuxer(process);
        string? application = FindApplication();
        if (byEntry && TryResolveEntry(application) is { } direct) return direct;

        // Native AOT, a single file, or an executable with its assembly beside it: it starts itself.
        if (!isMuxer && (application is null || IsHostOf(process, application) || IsSelfContained())) return new HostCommand(process, []);

        // dotnet app.dll, a test host, or a native host that would not do the same thing again.
        if (application is null) throw new InvalidOperationException("The assembly that this process was started from was not found; set ProcessDefaults.ExecutablePath.");
        return new HostCommand(isMuxer ? process : FindMuxer(), ExecArguments(application, application)) { Assembly = application };
    }

    /// <summary>
    /// The application's files with the library's entry assembly, where the runtime is an installed one. That spares the worker
    /// what the runtime does for a startup hook, a fifth of its start. Where a list of processes would show it under the
    /// runtime's name, or nobody has tried, the executable is started.
    /// </summary>
    private static HostCommand? TryResolveEntry(string? application)
    {
#if NET9_0_OR_GREATER
        if (!OperatingSystem.IsLinux() || application is null || IsSelfContained()) return null;
        string entry = Path.Combine(Path.GetDirectoryName(application)!, EntryAssembly + ".dll");
        if (!File.Exists(entry) || !File.Exists(Path.ChangeExtension(application, ".deps.json")) || !File.Exists(Path.ChangeExtension(application, ".runtimeconfig.json"))) return null;
        if (TryFindMuxer() is not { } muxer) return null;
        string executable = Path.ChangeExtension(application, null);
        return new HostCommand(muxer, ExecArguments(application, entry)) { CalledAs = File.Exists(executable) ? executable : muxer, Assembly = entry, NeedsHook = false };
#else
        return null;
#endif
    }

    private static bool IsMuxer(string path) => Path.GetFileName(path.AsSpan()).Equals(MuxerName, PathComparison);

    private static StringComparison PathComparison => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>
    /// The application's assembly. A test host's own assembly is not it: it was started with the deps file of the tests, which
    /// is then the first of the files that the runtime's host was given.
    /// </summary>
    private static string? FindApplication()
    {
        if (AppContext.GetData("APP_CONTEXT_DEPS_FILES") is string list)
        {
            const string Suffix = ".deps.json";
            string first = list.Split(Separator(list))[0];
            if (first.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && first[..^Suffix.Length] + ".dll" is var fromDeps && File.Exists(fromDeps)) return fromDeps;
        }

        string? name = System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name;
        string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        return name is not null && File.Exists(path) ? path : null;
    }

    /// <summary>The host separates the files by ';' on every system.</summary>
    private static char Separator(string list) => list.Contains(';') ? ';' : Path.PathSeparator;

    private static bool IsHostOf(string process, string application)
    {
        ReadOnlySpan<char> name = Path.GetFileName(process.AsSpan());
        if (OperatingSystem.IsWindows() && name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)) name = name[..^4];
        return name.Equals(Path.GetFileNameWithoutExtension(application.AsSpan()), PathComparison);
    }

    /// <summary>The runtime lies beside the application, so that an executable of whatever name is its host.</summary>
    private static bool IsSelfContained()
        => string.Equals(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()), Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), PathComparison);

    private static List<string> ExecArguments(string application, string entry)
    {
        List<string> arguments = ["exec"];
        AddFile("--depsfile", Path.ChangeExtension(application, ".deps.json"));
        AddFile("--runtimeconfig", Path.ChangeExtension(application, ".runtimeconfig.json"));
        if (AppContext.GetData("PROBING_DIRECTORIES") is string { Length: > 0 } directories)
        {
            foreach (string directory in directories.Split(Separator(directories), StringSplitOptions.RemoveEmptyEntries))
            {
                arguments.Add("--additionalprobingpath");
                arguments.Add(directory);
            }
        }

        arguments.Add(entry);
        return arguments;

        void AddFile(string option, string path)
        {
            if (!File.Exists(path)) return;
            arguments.Add(option);
            arguments.Add(path);
        }
    }

    /// <summary>The <c>dotnet</c> command, of the running runtime's own installation if it can be had.</summary>
    private static string FindMuxer() => TryFindMuxer()
        ?? throw new FileNotFoundException($"The command '{MuxerName}', which starts workers from an assembly, was found neither beside the running runtime nor by DOTNET_HOST_PATH, DOTNET_ROOT or PATH.", MuxerName);

    private static string? TryFindMuxer()
    {
        if (Environment.ProcessPath is { } process && IsMuxer(process)) return process;

        // …/shared/Microsoft.NETCore.App/10.0.0/
        string installation = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        List<string?> candidates =
        [
            Path.Combine(installation, MuxerName),
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root ? Path.Combine(root, MuxerName) : null,
        ];
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            candidates.Add(Path.Combine(directory, MuxerName));
        foreach (string? candidate in candidates)
            if (candidate is not null && File.Exists(candidate)) return Path.GetFullPath(candidate);

        return null;
    }
}
