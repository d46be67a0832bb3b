using System.Globalization;
using Procgen.Shared;

namespace Procgen.Launching;

/// <summary>
/// What the runtime of a process keeps in the temporary folder for debuggers and tracing tools: a socket and two pipes, on
/// Unix. It takes them away itself where it ends in order; after a kill its parent has to, or they stay for ever.
/// </summary>
internal sealed class DiagnosticFiles
{
    private readonly string _folder;
    private readonly string _key;

    private DiagnosticFiles(string folder, ProcessIdentity process)
    {
        _folder = folder;
        _key = string.Create(CultureInfo.InvariantCulture, $"{process.ProcessId}-{process.Start}");
    }

    /// <summary>Those of process <paramref name="id"/>, which must not have been reaped yet; null where it keeps none that can be told.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="folder">Its TMPDIR; null where it has this process's.</param>
    public static DiagnosticFiles? Of(int id, string? folder = null)
    {
        // Elsewhere the runtime names them by another clock than ours.
        if (!OperatingSystem.IsLinux()) return null;
        ProcessIdentity process = ProcessIdentity.Of(id);
        return process.Start == 0 ? null : new DiagnosticFiles(folder ?? Path.GetTempPath(), process);
    }

    /// <summary>Deletes them where they are still there.</summary>
    public void Delete()
    {
        Delete($"dotnet-diagnostic-{_key}-socket");
        Delete($"clr-debug-pipe-{_key}-in");
        Delete($"clr-debug-pipe-{_key}-out");
    }

    private void Delete(string name)
    {
        try
        {
            File.Delete(Path.Combine(_folder, name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or no longer ours: then so is whatever was in it.
        }
    }
}
