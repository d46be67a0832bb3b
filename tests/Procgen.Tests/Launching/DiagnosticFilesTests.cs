using NUnit.Framework;
using Procgen.Shared;

namespace Procgen.Tests.Launching;

[Platform("Linux")]
public sealed class DiagnosticFilesTests
{
    /// <summary>Workers have none unless somebody asks for them.</summary>
    private static readonly ProcessOptions WithDiagnostics = new() { Environment = { ["DOTNET_EnableDiagnostics"] = "1" } };

    [Test]
    public async Task A_worker_keeps_no_files_for_debuggers_unless_it_is_asked_to()
    {
        var ready = new Ids(1);
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(0, ready));

        Assert.That(FilesOf((await ready.All)[0]), Is.Empty);
    }

    [TestCase(false, TestName = "One that keeps files for debuggers leaves none when it is killed")]
    [TestCase(true, TestName = "Nor do its children that are killed with it")]
    public async Task No_files_stay_after_a_kill(bool entireTree)
    {
        var ready = new Ids(entireTree ? 4 : 1);
        var options = new ProcessOptions { Environment = { ["DOTNET_EnableDiagnostics"] = "1" } };
        using ChildProcess child = ChildProcess.Start(HatchingTargets.Hatch(entireTree ? 3 : 0, ready), options);
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
        var options = new ProcessOptions { Environment = { ["DOTNET_EnableDiagnostics"] = "1" } };
        using ChildProcess<string[]> child = ChildProcess.Start(HatchingTargets.Files(), options);
        string[] files = await child.Completion;
        Assert.That(files, Has.Length.EqualTo(3));

        await child.WaitForExitAsync();

        Assert.That(files.Where(File.Exists), Is.Empty);
    }

    /// <summary>Those of this very process: earlier ones that had its id may have left theirs.</summary>
    internal static string[] FilesOf(int id) => Directory.GetFiles(Path.GetTempPath(), $"*-{id}-{ProcessIdentity.Of(id).Start}-*");

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

    [ProcessTarget]
    public static string[] Files() => DiagnosticFilesTests.FilesOf(Environment.ProcessId);

    private sealed class Forward(TaskCompletionSource<int> ready) : IProgress<int>
    {
        public void Report(int value) => ready.TrySetResult(value);
    }
}
