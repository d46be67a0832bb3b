using System.Globalization;
using System.Text;
using Procgen.Interop;
using Procgen.Shared;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>
/// The files of launch pipes on Unix. A child removes its own as soon as it has connected, and its parent when it will not.
/// Where both were killed before that, the parent's parent does that reaps it (on Linux); where that was killed too, the next
/// program that starts a child, once they are old enough to be nobody's for certain.
/// </summary>
internal static class LaunchSockets
{
    private const string Prefix = "procgen-";
    private const int SecretDigits = 32;

    /// <summary>What a socket's address has room for, on every Unix.</summary>
    private const int LongestPath = 99;

    /// <summary>Longer than any child may take to connect: what is younger may belong to a parent in another container.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(5);

    private static readonly object s_gate = new();
    private static Action? s_beforeFirst;
    private static int _isSwept;

    /// <summary>Has <paramref name="action"/> run before this process makes its first: whoever cleans up after it is to look for them.</summary>
    public static void BeforeFirst(Action action) => s_beforeFirst = action;

    /// <summary>A path nobody can guess, which says whose it is; short enough for a socket.</summary>
    public static string NewPath()
    {
        if (s_beforeFirst is not null)
        {
            lock (s_gate)
            {
                s_beforeFirst?.Invoke();
                s_beforeFirst = null;
            }
        }

        string name = PrefixOf(ProcessIdentity.Current) + Secret.Next();
        return Path.Combine(FolderFor(Path.GetTempPath(), name), name);
    }

    /// <summary>Removes those of a process that has ended, and that no other process had, in this container or another. Lists the folder.</summary>
    /// <param name="process">The process.</param>
    /// <param name="folder">Its temporary folder.</param>
    public static void DeleteOf(ProcessIdentity process, string folder)
    {
        string prefix = PrefixOf(process);
        Delete(FolderFor(folder, prefix + new string('0', SecretDigits)), prefix, static _ => true);
    }

    /// <summary>Removes what others have left, at the first call in this process.</summary>
    public static void SweepOnce()
    {
        if (OperatingSystem.IsWindows() || Interlocked.Exchange(ref _isSwept, 1) != 0) return;
        string folder = Path.GetTempPath();
        Sweep(folder);
        if (Path.TrimEndingDirectorySeparator(folder) != TemporaryFiles.SystemFolder) Sweep(TemporaryFiles.SystemFolder);
    }

    /// <summary>Removes what others have left in <paramref name="folder"/>.</summary>
    public static void Sweep(string folder) => Delete(folder, Prefix, static path =>
        OwnerOf(Path.GetFileName(path.AsSpan())) is { } process && !ProcessSignals.Send(process, 0) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > LeastAge);

    private static void Delete(string folder, string prefix, Predicate<string> isLeft)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, prefix + "*"))
            {
                if (isLeft(path)) TemporaryFiles.TryDelete(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, or no longer ours.
        }
    }

    /// <summary>Where the temporary folder's path is too long, the system's.</summary>
    private static string FolderFor(string folder, string name) =>
        Encoding.UTF8.GetByteCount(Path.Combine(folder, name)) <= LongestPath ? folder : TemporaryFiles.SystemFolder;

    /// <summary>The process's id and, on Linux, when it began, as processes of other containers may have the same id.</summary>
    private static string PrefixOf(ProcessIdentity process) => OperatingSystem.IsLinux()
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{process.ProcessId}-{process.Start}-")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{process.ProcessId}-");

    private static int? OwnerOf(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> rest = name[Prefix.Length..];
        int end = rest.IndexOf('-');
        return end > 0 && rest.Length - rest.LastIndexOf('-') - 1 == SecretDigits
            && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : null;
    }
}
