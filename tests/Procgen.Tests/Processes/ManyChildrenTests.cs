using NUnit.Framework;

namespace Procgen.Tests.Processes;

[Platform("Linux")]
[NonParallelizable]
public class ManyChildrenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private string? _previous;
    private DirectoryInfo _temporary = null!;

    /// <summary>A temporary folder of its own, so that other programs' files are not taken for ours.</summary>
    [SetUp]
    public void SetFolder()
    {
        _temporary = Directory.CreateTempSubdirectory("t");
        _previous = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", _temporary.FullName);
    }

    [TearDown]
    public void RestoreFolder()
    {
        Environment.SetEnvironmentVariable("TMPDIR", _previous);
        _temporary.Delete(recursive: true);
    }

    [Test]
    public void Nothing_is_left_of_two_hundred_children()
    {
        Run(8);
        int descriptors = Descriptors();
        int threads = LinkThreads(); // Of a shared pool, say, that other tests use.
        List<int> ids = Run(200);
        Assert.That(ids.Where(static id => Directory.Exists($"/proc/{id}")), Is.Empty, "zombies");
        Assert.That(SpinWait.SpinUntil(() => LinkThreads() <= threads, Patience), "link threads are left");
        Assert.That(SpinWait.SpinUntil(() => Descriptors() <= descriptors + 2, Patience), () => $"{Descriptors()} descriptors, {descriptors} before");
        Assert.That(_temporary.EnumerateFileSystemInfos(), Is.Empty);
        Assert.That(CurrentProcess.ActiveChildren, Is.Empty);
    }

    [Test]
    public async Task Sixty_four_children_that_live_at_once_all_answer()
    {
        const int Count = 64;
        string gate = Path.Combine(_temporary.FullName, "gate");
        using var waiting = new CountdownEvent(Count);
        var children = new ChildProcess<int>[Count];
        for (int i = 0; i < Count; i++) children[i] = ChildProcess.Start(JobsTargets.AnswerBehindGate(i, gate, new Signal(waiting)));
        Assert.That(waiting.Wait(Patience), () => $"{waiting.CurrentCount} have not come up");
        Assert.That(children.Select(static child => child.Id).Distinct().Count(), Is.EqualTo(Count));
        await File.WriteAllTextAsync(gate, "");
        for (int i = 0; i < Count; i++) Assert.That(await children[i].Completion.WaitAsync(Patience), Is.EqualTo(i * i));
        foreach (ChildProcess<int> child in children) await child.DisposeAsync();
    }

    private static List<int> Run(int count)
    {
        List<int> ids = [];
        for (int i = 0; i < count; i++)
        {
            using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing());
            ids.Add(child.Id!.Value);
            Assert.That(child.Join(Patience));
            Assert.That(child.ExitCode, Is.Zero);
        }

        return ids;
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static int LinkThreads() => Directory.GetDirectories("/proc/self/task").Count(static task =>
    {
        try
        {
            return File.ReadAllText(task + "/comm").StartsWith("Procgen link", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    private sealed class Signal(CountdownEvent waiting) : IProgress<int>
    {
        public void Report(int value) => waiting.Signal();
    }
}
