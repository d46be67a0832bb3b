namespace Procgen.Tests.Launching;

/// <summary>The processes in this one's reserve, by what their environment said when they were started.</summary>
internal static class WaitingWorkers
{
    public static IEnumerable<int> Ids()
    {
        string ticket = $"PROCGEN_WORKER=1s:{Environment.ProcessId}:";
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id)) continue;
            string environment = "";
            try
            {
                environment = File.ReadAllText(folder + "/environ");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is somebody else's.
            }

            if (environment.Contains(ticket, StringComparison.Ordinal)) yield return id;
        }
    }
}
