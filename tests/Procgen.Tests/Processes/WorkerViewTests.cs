using System.Diagnostics;
using System.Reflection;
using NUnit.Framework;

namespace Procgen.Tests.Processes;

/// <summary>What a target sees of the program that it runs in: the app, whichever way the worker was started.</summary>
public class WorkerViewTests
{
    private static readonly string TestAssembly = typeof(WorkerViewTests).Assembly.Location;

    [Test]
    public async Task A_worker_sees_the_app_as_its_program([Values] bool isNamed)
    {
        var options = new ProcessOptions { ExecutablePath = isNamed ? TestAssembly : null };
        using var child = ChildProcess.Start(SurroundingsJobsTargets.Look(), options);
        Surroundings seen = await child.Completion;
        Assert.That(seen.Entry, Is.EqualTo("Procgen.Tests"));
        Assert.That(Path.TrimEndingDirectorySeparator(seen.Folder), Is.EqualTo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.That(seen.FriendlyName, Is.EqualTo("Procgen.Tests"));
        Assert.That(seen.Framework, Is.EqualTo(".NETCoreApp,Version=v10.0"));
    }

    [Test]
    [Platform("Linux")]
    public async Task Lists_of_processes_show_the_app_s_name()
    {
        using var child = ChildProcess.Start(SurroundingsJobsTargets.Look());
        Assert.That((await child.Completion).ProcessName, Is.EqualTo("Procgen.Tests"));
    }

    [Test]
    public async Task A_worker_s_children_see_the_same()
    {
        using var child = ChildProcess.Start(SurroundingsJobsTargets.LookFromBelow());
        Assert.That((await child.Completion).Entry, Is.EqualTo("Procgen.Tests"));
    }
}

/// <summary>What a target sees.</summary>
public sealed record Surroundings(string? Entry, string Folder, string FriendlyName, string? Framework, string ProcessName);

internal static class SurroundingsJobs
{
    [ProcessTarget]
    public static Surroundings Look()
    {
        using Process self = Process.GetCurrentProcess();
        return new Surroundings(Assembly.GetEntryAssembly()?.GetName().Name, AppContext.BaseDirectory, AppDomain.CurrentDomain.FriendlyName, AppContext.TargetFrameworkName, self.ProcessName);
    }

    [ProcessTarget]
    public static async Task<Surroundings> LookFromBelow()
    {
        using var child = ChildProcess.Start(SurroundingsJobsTargets.Look());
        return await child.Completion;
    }
}
