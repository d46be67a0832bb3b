using NUnit.Framework;
using Procgen.Launching;
using Procgen.Shared;

namespace Procgen.Tests.Launching;

[Platform("Linux,MacOSX")]
public class LaunchSocketsTests
{
    private const int NoProcess = int.MaxValue;
    private readonly string _folder = Directory.CreateTempSubdirectory("sockets-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_a_parent_and_child_killed_together_left_is_removed()
    {
        string left = Make($"procgen-{NoProcess}-7-{new string('0', 32)}", isOld: true);
        LaunchSockets.Sweep(_folder);
        Assert.That(File.Exists(left), Is.False);
    }

    [Test]
    public void What_somebody_may_still_wait_at_or_is_another_s_stays()
    {
        string[] kept =
        [
            Make($"procgen-{NoProcess}-7-{new string('1', 32)}", isOld: false),
            Make($"procgen-{Environment.ProcessId}-7-{new string('2', 32)}", isOld: true),
            Make($"procgen-{NoProcess}-7-{new string('3', 31)}", isOld: true),
            Make($"procgen-x-7-{new string('4', 32)}", isOld: true),
            Make($"other-{NoProcess}-7-{new string('5', 32)}", isOld: true),
        ];
        LaunchSockets.Sweep(_folder);
        Assert.That(kept, Has.All.Matches<string>(File.Exists));
    }

    [Test]
    [Platform("Linux")]
    public void A_killed_process_is_told_from_one_of_another_container_with_its_id()
    {
        string own = Make($"procgen-{NoProcess}-70-{new string('6', 32)}", isOld: false);
        string other = Make($"procgen-{NoProcess}-7-{new string('6', 32)}", isOld: false);
        LaunchSockets.DeleteOf(ProcessIdentity.From(NoProcess, 70), _folder);
        Assert.That(File.Exists(own), Is.False);
        Assert.That(File.Exists(other), Is.True);
    }

    [Test]
    public void A_new_path_names_this_process_and_is_short_enough_for_a_socket()
    {
        string path = LaunchSockets.NewPath();
        Assert.That(path, Does.Contain($"procgen-{Environment.ProcessId}-"));
        Assert.That(path.Length, Is.LessThan(104));
        Assert.That(LaunchSockets.NewPath(), Is.Not.EqualTo(path));
    }

    private string Make(string name, bool isOld)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "");
        if (isOld) File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        return path;
    }
}
