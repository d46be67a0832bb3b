using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

/// <summary>Starts real programs for the tests of this folder.</summary>
internal static class Shell
{
    /// <summary>Far beyond what any of these needs, also on a busy machine: a test that waits so long hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static HostCommand Run(string script) => new("/bin/sh", ["-c", script]);

    public static NativeProcess Start(string script) => NativeProcess.Start(new LaunchRequest { Command = Run(script) });

    public static ExitStatus StatusOf(NativeProcess process)
    {
        Assert.That(process.Exited.WaitOne(Patience), "the process did not end");
        return process.Completion.Result;
    }

    /// <summary>Runs a script to its end and gives its captured standard output.</summary>
    public static List<string> Output(string script, Func<HostCommand, Action<int, bool, string>, LaunchRequest>? describe = null)
    {
        List<string> lines = [];
        describe ??= static (command, received) => new LaunchRequest { Command = command, StandardOutput = OutputMode.Capture, OutputReceived = received };
        using NativeProcess process = NativeProcess.Start(describe(Run(script), (_, isError, line) => Add(isError ? "error: " + line : line)));
        StatusOf(process);
        return lines;

        void Add(string line)
        {
            lock (lines) lines.Add(line);
        }
    }
}
