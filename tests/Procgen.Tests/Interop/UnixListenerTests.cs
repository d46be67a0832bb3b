using System.Runtime.Versioning;
using NUnit.Framework;
using Procgen.Interop;
using Procgen.Tests.Launching;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Interop;

[Platform("Linux,MacOsX")]
[UnsupportedOSPlatform("windows")]
public sealed class UnixListenerTests
{
    private static string NewPath() => Path.Combine(Path.GetTempPath(), $"procgen-test-{Guid.NewGuid():N}");

    [Test]
    public void Who_connects_is_accepted_and_bytes_pass_both_ways()
    {
        string path = NewPath();
        using UnixListener listener = UnixListener.Listen(path);
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        using UnixSocket there = UnixSocket.Connect(path);
        using UnixSocket? here = listener.Accept();
        Assert.That(here, Is.Not.Null);
        here!.Write([1, 2, 3]);
        there.Write([4]);
        byte[] received = new byte[4];
        Assert.That(there.Read(received), Is.EqualTo(3));
        Assert.That(here.Read(received), Is.EqualTo(1));
        Assert.That(received, Is.EqualTo(new byte[] { 4, 2, 3, 0 }));
    }

    [Test]
    public void Disposal_ends_the_wait_and_removes_the_file()
    {
        string path = NewPath();
        UnixListener listener = UnixListener.Listen(path);
        Task<UnixSocket?> accepted = Task.Factory.StartNew(listener.Accept, TaskCreationOptions.LongRunning);
        Assert.That(accepted.Wait(50), Is.False);
        listener.Dispose();
        listener.Dispose();
        Assert.That(accepted.GetAwaiter().GetResult(), Is.Null);
        Assert.That(listener.Accept(), Is.Null);
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void A_path_that_is_taken_is_an_error_and_stays_whose_it_is()
    {
        string path = NewPath();
        using UnixListener first = UnixListener.Listen(path);
        Assert.That(() => UnixListener.Listen(path), Throws.InstanceOf<IOException>().With.Message.Contain(path));
        using UnixSocket there = UnixSocket.Connect(path);
        using UnixSocket? here = first.Accept();
        Assert.That(here, Is.Not.Null);
    }

    [Test]
    [Platform("Linux")]
    public void Another_user_is_turned_away_also_where_the_file_lets_everybody_in()
    {
        Assume.That(Environment.IsPrivilegedProcess, "Only root can become somebody else.");
        Assume.That(File.Exists("/usr/bin/setpriv") && File.Exists("/usr/bin/perl"), "There is no setpriv or no perl here.");
        string path = NewPath();
        using UnixListener listener = UnixListener.Listen(path);
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        Task<UnixSocket?> accepted = Task.Factory.StartNew(listener.Accept, TaskCreationOptions.LongRunning);
        const string Program = "use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); connect($s, sockaddr_un($ARGV[0])) or die; print defined(recv($s, my $b, 1, 0)) && length($b) == 0 ? 'turned away' : 'in'";
        Assert.That(StrangerTests.RunPerl(Program, path, asNobody: true), Is.EqualTo("turned away"));
        Assert.That(accepted.IsCompleted, Is.False);
        using UnixSocket owner = UnixSocket.Connect(path);
        using UnixSocket? here = accepted.GetAwaiter().GetResult();
        Assert.That(here, Is.Not.Null);
    }

    [Test]
    [Platform("Linux")]
    public async Task To_wait_takes_no_processor_time()
    {
        using UnixListener listener = UnixListener.Listen(NewPath());
        using var isWaiting = new ManualResetEventSlim();
        string? thread = null;
        Task<UnixSocket?> accepted = Task.Factory.StartNew(() =>
        {
            thread = new FileInfo("/proc/thread-self").ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            isWaiting.Set();
            return listener.Accept();
        }, TaskCreationOptions.LongRunning);
        isWaiting.Wait();
        Assert.That(await ProcessorTime.RestsAsync(() => ProcessorTime.OfThread(thread!), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(30)));
        Assert.That(accepted.IsCompleted, Is.False);
        listener.Dispose();
        await accepted;
    }
}
