using System.Diagnostics;
using NUnit.Framework;
using Procgen.Shared;

namespace Procgen.Tests.Launching;

[Platform("Linux")]
public sealed class DiagnosticFilesTests
{
    /// <summary>Workers have none unless somebody asks for them.</summary>
    private static readonly ProcessOptions WithDiagnostics = new() { Environment = { ["DOTNET_EnableDiagnostics"] = "1" } };

    [Test]
    public async Task A_child_has_none_unless_asked_for()
    {
        var ready = new Ids(1);
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(0, ready));
        Assert.That(FilesOf((await ready.All)[0]), Is.Empty);
    }

    [Test]
    public async Task A_running_child_has_files_for_debuggers_and_a_killed_one_leaves_none()
    {
        var ready = new Ids(1);
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(0, ready), WithDiagnostics);
        int id = (await ready.All)[0];
        string[] files = FilesOf(id);
        Assert.That(files, Is.Not.Empty);

        child.Kill();
        await child.WaitForExitAsync();

        Assert.That(files.Where(File.Exists), Is.Empty);
    }

    [TestCase(false, TestName = "Nor do the children of a killed one, which end by themselves")]
    [TestCase(true, TestName = "Nor do those that are killed with it")]
    public async Task Nor_do_its_children(bool entireTree)
    {
        var ready = new Ids(4);
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(3, ready), WithDiagnostics);
        int[] ids = await ready.All;
        string[] files = [.. ids.SelectMany(FilesOf)];
        Process[] orphans = [.. ids.Where(id => id != child.Id).Select(Process.GetProcessById)];

        child.Kill(entireTree);
        foreach (Process orphan in orphans)
        {
            using (orphan) await orphan.WaitForExitAsync();
        }

        Assert.That(files.Where(File.Exists), Is.Empty);
    }

    /// <summary>Those of this very process: earlier ones that had its id may have left theirs.</summary>
    private static string[] FilesOf(int id) => Directory.GetFiles(Path.GetTempPath(), $"*-{id}-{ProcessIdentity.Of(id).Start}-*");

    /// <summary>Gathers reported ids until there are as many as expected.</summary>
    private sealed class Ids(int count) : IProgress<int>
    {
        private readonly List<int> _ids = [];
        private readonly TaskCompletionSource<int[]> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int[]> All => _all.Task.WaitAsync(Shell.Patience);

        public void Report(int value)
        {
            _ids.Add(value);
            if (_ids.Count == count) _all.TrySetResult([.. _ids]);
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
            ChildProcess.Start(HatchingTargets.Hatch(0, new Forward(ready)));
            ids.Report(ready.Task.Result);
        }

        Thread.Sleep(Timeout.Infinite);
    }

    private sealed class Forward(TaskCompletionSource<int> ready) : IProgress<int>
    {
        public void Report(int value) => ready.TrySetResult(value);
    }
}
