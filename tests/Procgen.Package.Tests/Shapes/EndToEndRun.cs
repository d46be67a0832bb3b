using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Procgen.Package.Tests.Shapes;

/// <summary>Runs the end-to-end program in an app of one shape: once to its end, and once until it is killed with busy workers.</summary>
internal static class EndToEndRun
{
    private const int BusyWorkers = 16;

    /// <summary>For a shape in which the program is all that the app does: its Main says so, and says it once.</summary>
    public const string Main = """
        Console.WriteLine("main runs");
        await Shapes.EndToEnd.RunAsync();
        """;

    private static readonly string[] Expected =
    [
        "Spawn: 4 x 4 = 16",
        "InProcess: 4 x 4 = 16",
        "Standby: one that has waited, and ended with 0",
        "pool: 332833500, Work.Crash crashed, then 9",
        "queue: 1 4 9 16",
        "lock: counted to 600",
        "manager: counted to 6, told 1, elsewhere 10, by name 3",
        "Work.Crash ended with 42",
        "killed: -9",
        "cancelled",
    ];

    /// <summary>The promise is one second, which the test prints; the rest is for machines that run other things too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Without code compiled ahead, 33 processes boot for ten seconds on two cores that do nothing else.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    /// <summary>The program's source.</summary>
    public static string Source => File.ReadAllText(Path.Combine(PackedPackage.RepositoryRoot(), "tests", "Procgen.Package.Tests", "Shapes", "EndToEnd.cs"));

    public static async Task AssertPassesAsync(ToolCommand app)
    {
        await AssertRunsToItsEndAsync(app);
        if (OperatingSystem.IsLinux()) await AssertLeavesNothingBehindAsync(app);
    }

    private static async Task AssertRunsToItsEndAsync(ToolCommand app)
    {
        using TcpListener listener = Listen();
        Task<ToolResult> run = app.With(Port(listener)).RunAsync();
        using TcpClient connection = await AcceptAsync(listener, run);
        using var report = new StreamReader(connection.GetStream());
        string[] lines = (await report.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        ToolResult result = await run;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Is.EqualTo(Expected), result.Output);
            Assert.That(result.ExitCode, Is.Zero, result.Output);
            Assert.That(result.Lines.Count(static line => line == "main runs"), Is.LessThanOrEqualTo(1), "a worker ran Main");
        }
    }

    private static async Task AssertLeavesNothingBehindAsync(ToolCommand app)
    {
        using TcpListener listener = Listen();
        using var limit = new CancellationTokenSource(StartLimit);
        Task<ToolResult> run = app.With(Port(listener), ("SHAPE_BUSY", BusyWorkers.ToString(CultureInfo.InvariantCulture))).RunAsync(limit.Token);
        using TcpClient connection = await AcceptAsync(listener, run);
        using var report = new StreamReader(connection.GetStream());
        string? said = await report.ReadLineAsync();
        if (said is null) Assert.Fail($"The workers did not come up:\n{(await run).Output}");
        int[] ids = [.. said!.Split(' ').Select(static id => int.Parse(id, CultureInfo.InvariantCulture))];
        Assert.That(ids, Has.Length.EqualTo((2 * BusyWorkers) + 1), said);
        Assert.That(ids.Where(IsGone), Is.Empty);

        long killed = Stopwatch.GetTimestamp();
        using (Process parent = Process.GetProcessById(ids[0])) parent.Kill();
        while (!Array.TrueForAll(ids, IsGone) && Stopwatch.GetElapsedTime(killed) < Patience) await Task.Delay(5);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(killed);
        int[] left = [.. ids.Where(static id => !IsGone(id))];
        foreach (int id in left) KillIfThere(id);
        await run;

        Assert.That(left, Is.Empty, "workers outlived their parent");
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ids.Length - 1} busy processes were gone {elapsed.TotalMilliseconds:f0} ms after their parent was killed."));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static (string Name, string Value) Port(TcpListener listener) =>
        ("SHAPE_PORT", ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));

    /// <summary>An app that ends before it reports would be waited for without end.</summary>
    private static async Task<TcpClient> AcceptAsync(TcpListener listener, Task<ToolResult> run)
    {
        Task<TcpClient> connection = listener.AcceptTcpClientAsync();
        if (await Task.WhenAny(connection, run) == run) Assert.Fail($"The app ended without a report, with {(await run).ExitCode}:\n{(await run).Output}");
        return await connection;
    }

    /// <summary>A dead process that nobody has reaped yet is gone too.</summary>
    private static bool IsGone(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void KillIfThere(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended in the meantime.
        }
    }
}
