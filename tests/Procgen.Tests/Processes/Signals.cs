using System.Diagnostics;

namespace Procgen.Tests.Processes;

/// <summary>The C library, for tests only.</summary>
internal static partial class NativeSleep
{
    [System.Runtime.InteropServices.LibraryImport("libc")]
    internal static partial uint sleep(uint seconds);
}

/// <summary>Signals, for tests only.</summary>
internal static class Signals
{
    public const int Kill = 9;

    public static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    public static void Send(int process, int signal) => Shell.Run($"kill -{signal} {process}");
}

/// <summary>The system's shell, for tests only.</summary>
internal static class Shell
{
    public static string Run(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output;
    }
}
