using System.Globalization;
using NUnit.Framework;
using Procgen.Interop;
using Procgen.Launching;
using Procgen.Shared;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Launching;

[Platform("Linux")]
public sealed class TemporaryFilesTests
{
    /// <summary>Workers have none unless somebody asks for them.</summary>
    private static readonly ProcessOptions WithDiagnostics = new() { Environment = { ["DOTNET_EnableDiagnostics"] = "1" } };

    [Test]
    public async Task A_worker_keeps_no_files_for_debuggers_unless_it_is_asked_to()
    {
        var ready = new Reports<int>(1);
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(0, ready));

        Assert.That(FilesOf((await ready.All)[0]), Is.Empty);
    }

    [TestCase(false, TestName = "One that keeps files for debuggers leaves none when it is killed")]
    [TestCase(true, TestName = "Nor do its children that are killed with it")]
    public async Task No_files_stay_after_a_kill(bool entireTree)
    {
        var ready = new Reports<int>(entireTree ? 4 : 1);
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(entireTree ? 3 : 0, ready), WithDiagnostics);
        int[] ids = await ready.All;
        string[] files = [.. ids.SelectMany(FilesOf)];
        Assert.That(files, Has.Length.EqualTo(3 * ids.Length));

        child.Kill(entireTree);
        await child.WaitForExitAsync();

        Assert.That(files.Where(File.Exists), Is.Empty);
    }

    [Test]
    public async Task Nor_when_it_ends_by_itself()
    {
        using ChildProcess<string[]> child = ChildProcess.Start(HatchingTargets.Files(), WithDiagnostics);
        string[] files = await child.Completion;
        Assert.That(files, Has.Length.EqualTo(3));

        await child.WaitForExitAsync();

        Assert.That(files.Where(File.Exists), Is.Empty);
    }

    [TestCase(false, TestName = "What a killed process has for a child to connect to goes with it")]
    [TestCase(true, TestName = "And what its children that are killed with it have for theirs")]
    public async Task No_launch_pipes_stay_after_a_kill(bool entireTree)
    {
        int count = entireTree ? 3 : 1;
        var ready = new Reports<string>(count);
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Expect(count - 1, ready));
        string[] files = await ready.All;
        Assert.That(files, Has.All.Matches<string>(File.Exists));

        child.Kill(entireTree);
        await child.WaitForExitAsync();

        Assert.That(files.Where(File.Exists), Is.Empty);
    }

    [Test]
    public async Task A_pools_worker_leaves_none_either()
    {
        var ready = new Reports<string>(1);
        await using var pool = new ProcessPool(1);
        Task call = pool.RunAsync(HatchingTargets.Expect(0, ready));
        string file = (await ready.All)[0];
        Signals.Send(int.Parse(Path.GetFileName(file).Split('-')[1], CultureInfo.InvariantCulture), Signals.Kill);

        Assert.That(() => call, Throws.TypeOf<WorkerCrashedException>());
        Assert.That(File.Exists(file), Is.False);
    }

    [Test]
    public async Task Files_for_debuggers_are_found_where_only_their_process_has_the_system_s_folder()
    {
        string? usual = Environment.GetEnvironmentVariable("TMPDIR");
        string folder = Directory.CreateTempSubdirectory("own-").FullName;
        Environment.SetEnvironmentVariable("TMPDIR", folder);
        try
        {
            var ready = new Reports<int>(1);
            using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(0, ready), new ProcessOptions { Environment = { ["DOTNET_EnableDiagnostics"] = "1", ["TMPDIR"] = null } });
            string pattern = $"*-{child.Id}-{ProcessIdentity.Of((await ready.All)[0]).Start}-*";
            Assert.That(Directory.GetFiles("/tmp", pattern), Has.Length.EqualTo(3));

            child.Kill();
            await child.WaitForExitAsync();

            Assert.That(Directory.GetFiles("/tmp", pattern), Is.Empty);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", usual);
            Directory.Delete(folder);
        }
    }

    [Test]
    public async Task It_is_found_in_a_temporary_folder_of_its_own()
    {
        string folder = Directory.CreateTempSubdirectory("own-").FullName;
        var ready = new Reports<string>(1);
        using (ChildProcess child = ChildProcess.Start(HatchingTargets.Expect(0, ready), new ProcessOptions { Environment = { ["TMPDIR"] = folder } }))
            Assert.That(await ready.All, Has.All.StartsWith(folder));

        Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
        Directory.Delete(folder);
    }

    /// <summary>Those of this very process: earlier ones that had its id may have left theirs.</summary>
    internal static string[] FilesOf(int id) => Directory.GetFiles(Path.GetTempPath(), $"*-{id}-{ProcessIdentity.Of(id).Start}-*");

    /// <summary>Gathers what is reported until there is as much as expected.</summary>
    private sealed class Reports<T>(int count) : IProgress<T>
    {
        private readonly List<T> _values = [];
        private readonly TaskCompletionSource<T[]> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T[]> All => _all.Task.WaitAsync(Shell.Patience);

        public void Report(T value)
        {
            _values.Add(value);
            if (_values.Count == count) _all.TrySetResult([.. _values]);
        }
    }
}

internal static class Hatching
{
    /// <summary>Reports its own id and those of the children it starts, which do the same, and stays.</summary>
    [ProcessTarget]
    public static void Hatch(int children, IProgress<int> ids)
    {
        ids.Report(Environment.ProcessId);
        for (int i = 0; i < children; i++)
        {
            var ready = new TaskCompletionSource<int>();
            ChildProcess.Start(HatchingTargets.Hatch(0, new Forward<int>(ready)));
            ids.Report(ready.Task.Result);
        }

        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Waits for a child that does not come, as do its children, and reports where they wait.</summary>
    [ProcessTarget]
    public static void Expect(int children, IProgress<string> paths)
    {
        string path = LaunchSockets.NewPath();
        using UnixListener listener = UnixListener.Listen(path);
        paths.Report(path);
        for (int i = 0; i < children; i++)
        {
            var ready = new TaskCompletionSource<string>();
            ChildProcess.Start(HatchingTargets.Expect(0, new Forward<string>(ready)));
            paths.Report(ready.Task.Result);
        }

        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static string[] Files() => TemporaryFilesTests.FilesOf(Environment.ProcessId);

    private sealed class Forward<T>(TaskCompletionSource<T> ready) : IProgress<T>
    {
        public void Report(T value) => ready.TrySetResult(value);
    }
}
