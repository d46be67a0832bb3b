using System.Diagnostics;
using NUnit.Framework;
using Procgen.Tests.Processes;
using static Procgen.Tests.Connections.ListenerFileTests;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>The file of a server that listens at a socket goes with the server, in whatever way that ends.</summary>
[CancelAfter(120_000)]
[Platform(Exclude = "Win")]
public sealed class ManagerFileTests
{
    private string _path = null!;

    [SetUp]
    public void Name() => _path = Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():N}");

    [TearDown]
    public void Delete() => File.Delete(_path);

    [Test]
    public void A_server_that_was_killed_leaves_no_file_behind_its_manager([Values] bool isPipe)
    {
        using (Start(isPipe))
        {
            Assert.That(File.Exists(_path), Is.True);
            Server.Kill();
        }

        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public void A_manager_whose_server_was_killed_leaves_the_file_of_another_at_the_same_address([Values] bool isPipe)
    {
        ProcessManager first = Start(isPipe);
        Server.Kill();
        Await(() => CurrentProcess.ActiveChildren.All(child => child.Name != _path), "the end of the first server");
        using ProcessManager second = Start(isPipe);
        first.Dispose();
        using ProcessManager other = ProcessManager.Connect(second.Address);
        Assert.That(other.ObjectCount, Is.Zero);
    }

    [Test]
    public void The_file_of_a_server_that_was_killed_goes_also_where_the_server_had_another_folder([Values] bool isPipe)
    {
        string folder = Directory.CreateDirectory(_path + "-folder").FullName;
        string name = Path.GetFileName(_path);
        string file = Path.Combine(folder, isPipe ? "CoreFxPipe_" + name : name);
        var options = new ProcessManagerOptions { Name = _path, EndPoint = At(name, isPipe), WorkingDirectory = folder };
        options.Environment["TMPDIR"] = folder;
        try
        {
            using (ProcessManager.Start(options))
            {
                Assert.That(File.Exists(file), Is.True);
                Server.Kill();
            }

            Assert.That(File.Exists(file), Is.False);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_process_that_exits_leaves_no_file_of_its_managers_server([Values] bool isPipe)
    {
        using ChildProcess<int> starter = ChildProcess.Start(ManagedJobsTargets.StartAtFile(_path, isPipe));
        starter.Join();
        Assert.That(starter.ExitCode, Is.Zero);
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public async Task A_server_takes_its_file_along_when_the_process_that_started_it_is_killed([Values] bool isPipe, [Values] bool isStopped)
    {
        using var server = new SharedValue<int>();
        using var ready = new ProcessEvent();
        using ChildProcess starter = ChildProcess.Start(ManagedJobsTargets.StartAtFileAndHold(_path, isPipe, server, ready));
        Assert.That(ready.Wait(Guard), Is.True);
        using Process process = Process.GetProcessById(server.Value);
        if (isStopped) Assume.That(OperatingSystem.IsLinux(), "only Linux tells a stopped process of its parent's end");
        if (isStopped) Signals.Send(server.Value, Signals.Stop);
        starter.Kill();
        await process.WaitForExitAsync().WaitAsync(Guard);
        Assert.That(File.Exists(_path), Is.False);
    }

    private ChildProcess Server => CurrentProcess.ActiveChildren.Single(child => child.Name == _path);

    private ProcessManager Start(bool isPipe) => ProcessManager.Start(new ProcessManagerOptions { Name = _path, EndPoint = At(_path, isPipe) });
}
