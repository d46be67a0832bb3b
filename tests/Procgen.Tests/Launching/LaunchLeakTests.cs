using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[Platform("Linux")]
[NonParallelizable]
public class LaunchLeakTests
{
    [Test]
    public void Nothing_is_left_of_two_hundred_processes()
    {
        Launch(4);
        int descriptors = Descriptors();
        int threads = Threads();
        int[] ids = Launch(200);
        Assert.That(ids.Where(id => Directory.Exists($"/proc/{id}")), Is.Empty, "zombies");
        Assert.That(SpinWait.SpinUntil(() => Threads() <= threads, Shell.Patience), "threads are left");
        Assert.That(Descriptors(), Is.LessThan(descriptors + 20), "the test host opens some of its own now and then");
    }

    [Test]
    public void Nothing_is_left_of_launches_that_fail()
    {
        string path = Path.GetTempFileName();
        Fail(2);
        int descriptors = Descriptors();
        Fail(100);
        Assert.That(Descriptors(), Is.LessThan(descriptors + 20), "the test host opens some of its own now and then");
        File.Delete(path);

        void Fail(int count)
        {
            for (int i = 0; i < count; i++)
                Assert.That(() => NativeProcess.Start(Captured(new HostCommand(path, []))), Throws.TypeOf<UnauthorizedAccessException>());
        }
    }

    [Test]
    public void A_process_that_was_given_up_is_reaped_when_it_ends()
    {
        NativeProcess process = Shell.Start("sleep 0.1");
        process.Dispose();
        process.Dispose();
        Assert.That(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{process.Id}"), Shell.Patience));
    }

    private static int[] Launch(int count)
    {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++)
        {
            using NativeProcess process = NativeProcess.Start(Captured(Shell.Run("echo out; echo err >&2")));
            ids[i] = process.Id;
            Shell.StatusOf(process);
        }

        return ids;
    }

    private static LaunchRequest Captured(HostCommand command)
        => new() { Command = command, StandardOutput = OutputMode.Capture, StandardError = OutputMode.Capture };

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Count(static task =>
    {
        try
        {
            return File.ReadAllText(task + "/comm").StartsWith("procgen", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
