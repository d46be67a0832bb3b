using System.Diagnostics;
using System.Runtime.InteropServices;
using Procgen;
using Procgen.Interop;
using Procgen.Launching;
using Procgen.Tests.Launching;

/// <summary>
/// What these tests run in children that are .NET programs: the test assembly itself, started as <see cref="HostCommand"/>
/// says, with this hook, which the runtime finds by its name and calls before Main.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        string? scene = Environment.GetEnvironmentVariable(HookedProcess.SceneVariable);
        Environment.SetEnvironmentVariable(HookedProcess.SceneVariable, null);
        if (scene is null) return;
        Play(scene);
        ProcessSetup.ExitImmediately(99);
    }

    private static void Play(string scene)
    {
        switch (scene)
        {
            case "environment":
                // Set only now: this assembly's own initializer would take a process that has a ticket before its hook for a mistake.
                NativeEnvironment.Set(WorkerEnvironment.TicketVariable, Environment.GetEnvironmentVariable(HookedProcess.TicketVariable));
                WorkerTicket? ticket = WorkerEnvironment.Take();
                Console.WriteLine(ticket);
                Console.WriteLine(WorkerEnvironment.Take()?.ToString() ?? "taken");
                Console.WriteLine(string.Join('|', HookedProcess.Watched.Select(name => Environment.GetEnvironmentVariable(name) ?? "-")));
                Console.WriteLine(string.Join('|', HookedProcess.Watched.Select(NativeVariable)));
                break;

            case "signals":
                ProcessSetup.SetSignals();
                using (Process child = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status"]) { RedirectStandardOutput = true })!)
                {
                    Console.WriteLine(child.StandardOutput.ReadToEnd().ReplaceLineEndings("|"));
                    child.WaitForExit();
                }

                Console.WriteLine("ready");
                Thread.Sleep(Timeout.Infinite);
                break;

            case "exit":
                AppDomain.CurrentDomain.ProcessExit += static (_, _) => Thread.Sleep(Timeout.Infinite);
                var exiting = new Thread(static () => Environment.Exit(1)) { IsBackground = true };
                exiting.Start();
                ProcessSetup.ExitImmediately(42);
                break;

            case "ignored":
                using (NativeProcess child = Shell.Start("exit 7"))
                {
                    child.Exited.WaitOne();
                    Console.WriteLine(child.Status);
                }

                break;

            case "family":
                using (Process child = Process.Start(new ProcessStartInfo(Path.Combine(Environment.SystemDirectory, "ping.exe"), ["-n", "1000", "127.0.0.1"]) { RedirectStandardOutput = true })!)
                {
                    Console.WriteLine(child.Id);
                    child.WaitForExit();
                }

                break;

            case "parent":
                HostCommand ping = new(Path.Combine(Environment.SystemDirectory, "ping.exe"), ["-n", "1000", "127.0.0.1"]);
                using (NativeProcess child = NativeProcess.Start(new LaunchRequest { Command = ping, StandardOutput = OutputMode.Discard }))
                {
                    Console.WriteLine(child.Id);
                    child.Exited.WaitOne();
                }

                break;

            case "tee":
                using (NativeProcess child = NativeProcess.Start(new LaunchRequest
                {
                    Command = Shell.Run("echo one; echo two >&2"),
                    StandardOutput = OutputMode.Tee,
                    StandardError = OutputMode.Tee,
                }))
                {
                    child.Exited.WaitOne();
                    Console.WriteLine($"tail {child.StandardErrorTail}");
                }

                break;

            case "memory":
                List<byte[]> held = [];
                try
                {
                    for (int i = 0; i < 64; i++)
                    {
                        byte[] block = new byte[32 << 20];
                        block.AsSpan().Fill(1);
                        held.Add(block);
                    }

                    Console.WriteLine("unlimited");
                }
                catch (OutOfMemoryException)
                {
                    int blocks = held.Count;
                    held.Clear();
                    Console.WriteLine($"out of memory after {blocks}");
                }

                break;
        }
    }

    private static string NativeVariable(string name) => Marshal.PtrToStringUTF8(HookedProcess.getenv(name)) ?? "-";
}
