using System.Diagnostics;
using System.Globalization;

namespace Procgen.Pools;

/// <summary>How much memory a process holds.</summary>
internal static class ResidentMemory
{
    /// <summary>Bytes; 0 where the process is gone.</summary>
    public static long Of(int processId)
    {
        try
        {
            return OperatingSystem.IsLinux() ? FromProc(processId) : FromSystem(processId);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }

    private static long FromProc(int processId)
    {
        string[] pages = File.ReadAllText($"/proc/{processId}/statm").Split(' ');
        return long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    private static long FromSystem(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.WorkingSet64;
    }
}
