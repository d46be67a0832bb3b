using System.Diagnostics;
using System.Text;

namespace Procgen.Package.Tests;

/// <summary>Runs a command to its end and keeps what it says.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static Task<ToolResult> DotnetAsync(string folder, params string[] arguments) =>
        Dotnet(folder, arguments).RunAsync();

    public static Task<ToolResult> RunAsync(string fileName, string folder, params string[] arguments) =>
        new ToolCommand(fileName, folder, arguments).RunAsync();

    /// <summary>Runs <paramref name="arguments"/> of the <c>dotnet</c> command that runs the tests.</summary>
    public static ToolCommand Dotnet(string folder, params string[] arguments) =>
        new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, arguments);

    public static async Task<ToolResult> RunAsync(ToolCommand command, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            WorkingDirectory = command.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the test runner was started with is not for a build of its own, and no build server may outlive the test.
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        foreach ((string name, string value) in command.Environment) start.Environment[name] = value;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (output) output.AppendLine("(killed: no end within the limit)");
            return new ToolResult(-1, output.ToString());
        }

        lock (output) return new ToolResult(process.ExitCode, output.ToString());

        void Append(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) return;
            lock (output) output.AppendLine(line.Data);
        }
    }
}

/// <summary>A program, the folder it runs in and its arguments.</summary>
internal sealed record ToolCommand(string FileName, string Folder, params string[] Arguments)
{
    /// <summary>Variables that it gets beside those of this process.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; private init; } = [];

    public ToolCommand With(params (string Name, string Value)[] environment) => this with { Environment = [.. Environment, .. environment] };

    public Task<ToolResult> RunAsync(CancellationToken cancellationToken = default) => Tool.RunAsync(this, cancellationToken);
}

/// <param name="ExitCode">The command's exit code; −1 where it had to be killed.</param>
/// <param name="Output">Standard output and standard error, as they came.</param>
internal sealed record ToolResult(int ExitCode, string Output)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
