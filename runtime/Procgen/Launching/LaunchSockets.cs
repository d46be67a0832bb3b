using System.Globalization;
using System.Text;
using Procgen.Interop;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>
/// The files of launch pipes on Unix. A child removes its own as soon as it has connected, and its parent when it will not;
/// where both were killed before that, the next program that starts a child does.
/// </summary>
internal static class LaunchSockets
{
    private const string Prefix = "procgen-";
    private const int SecretDigits = 32;

    /// <summary>Longer than any child may take to connect: what is younger may belong to a parent in another container.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(5);

    private static int _isSwept;

    /// <summary>A path nobody can guess, which says whose it is; short enough for a socket.</summary>
    public static string NewPath()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Secret.Next().ToString()}");
        string path = Path.Combine(Path.GetTempPath(), name);
        return Encoding.UTF8.GetByteCount(path) < 100 ? path : $"/tmp/{name}";
    }

    /// <summary>Removes what others have left, at the first call in this process.</summary>
    public static void SweepOnce()
    {
        if (OperatingSystem.IsWindows() || Interlocked.Exchange(ref _isSwept, 1) != 0) return;
        Sweep(Path.GetTempPath());
    }

    /// <summary>Removes what others have left in <paramref name="folder"/>.</summary>
    public static void Sweep(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, Prefix + "*"))
            {
                if (OwnerOf(Path.GetFileName(path.AsSpan())) is { } process && !ProcessSignals.Send(process, 0) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > LeastAge)
                    File.Delete(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another program was faster, or it is another user's.
        }
    }

    private static int? OwnerOf(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> rest = name[Prefix.Length..];
        int end = rest.IndexOf('-');
        return end > 0 && rest.Length - end - 1 == SecretDigits
            && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : null;
    }
}
