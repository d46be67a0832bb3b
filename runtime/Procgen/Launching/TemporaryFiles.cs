using System.Globalization;
using Procgen.Shared;

namespace Procgen.Launching;

/// <summary>
/// What a process keeps in the temporary folder, on Unix: what its runtime has there for debuggers and tracing tools, a socket
/// and two pipes, and where children of its own are to connect. It takes them away itself where it ends in order; after a kill
/// its parent has to, or they stay.
/// </summary>
internal sealed class TemporaryFiles
{
    /// <summary>The temporary folder where no variable names one.</summary>
    public const string SystemFolder = "/tmp";

    private readonly ProcessIdentity _process;
    private readonly string _folder;

    private TemporaryFiles(ProcessIdentity process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Those of process <paramref name="id"/>, which must not have been reaped yet; null where they cannot be told from others'.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="folder">Its temporary folder; null where that is this process's.</param>
    public static TemporaryFiles? Of(int id, string? folder = null)
    {
        // Elsewhere the runtime names them by another clock than ours, and the clock would make the path of a socket too long.
        if (!OperatingSystem.IsLinux()) return null;
        ProcessIdentity process = ProcessIdentity.Of(id);
        return process.Start <= 0 ? null : new TemporaryFiles(process, folder ?? Path.GetTempPath());
    }

    /// <summary>Deletes all of them where they are still there.</summary>
    public void Delete()
    {
        DeleteRuntimes();
        DeleteSockets();
    }

    /// <summary>Deletes those where its children were to connect. That takes a list of the folder, however full it is.</summary>
    public void DeleteSockets() => LaunchSockets.DeleteOf(_process, _folder);

    /// <summary>Deletes those of its runtime, whose names are known.</summary>
    public void DeleteRuntimes()
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{_process.ProcessId}-{_process.Start}");
        foreach (string name in new[] { $"dotnet-diagnostic-{key}-socket", $"clr-debug-pipe-{key}-in", $"clr-debug-pipe-{key}-out" }) TryDelete(Path.Combine(_folder, name));
    }

    /// <summary>Deletes a file, unless another program was faster or it is another user's.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or no longer ours: then so is whatever was in it.
        }
    }
}
