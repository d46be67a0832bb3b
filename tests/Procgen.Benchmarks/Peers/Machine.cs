using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Procgen.Benchmarks.Peers;

/// <summary>Where a table was measured.</summary>
internal sealed record Machine(int Cores, string System, string Runtime, string Python)
{
    public static async Task<Machine> DescribeAsync(string? python) => new(
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        python is null ? "no Python" : await VersionAsync(python).ConfigureAwait(false));

    private static async Task<string> VersionAsync(string python)
    {
        using Process process = Process.Start(new ProcessStartInfo(python, ["--version"]) { RedirectStandardOutput = true })!;
        string version = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return version.Trim();
    }
}
