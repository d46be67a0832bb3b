using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>The files of listeners at Unix sockets: whose they are, and when they go.</summary>
[CancelAfter(120_000)]
public sealed class ListenerFileTests
{
    private string _path = null!;

    [SetUp]
    public void Name() => _path = Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():N}");

    [TearDown]
    public void Delete() => File.Delete(_path);

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_listener_takes_the_place_of_one_that_was_killed([Values] bool isPipe)
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        using (there)
        {
            using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.ListenAndHang(_path, isPipe, there));
            await here.ReceiveAsync().AsTask().WaitAsync(Guard);
            child.Kill();
            child.Join();
        }

        Assert.That(File.Exists(_path), Is.True);
        var listener = new ProcessListener(At(_path, isPipe));
        await AssertAcceptsAsync(listener);
        listener.Dispose();
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_listener_that_nobody_disposed_takes_its_file_along_when_its_process_exits([Values] bool isPipe, [Values] bool byExit)
    {
        using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.ListenAndEnd(_path, isPipe, byExit));
        child.Join();
        Assert.That(child.ExitCode, Is.EqualTo(byExit ? 3 : 0));
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_process_leaves_the_file_of_another_that_listens_where_it_did_before([Values] bool isPipe)
    {
        using ProcessEvent mayEnd = new();
        using ProcessEvent isFree = new();
        using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.ListenForAWhile(_path, isPipe, isFree, mayEnd));
        Assert.That(isFree.Wait(Guard), Is.True);
        using var listener = new ProcessListener(At(_path, isPipe));
        mayEnd.Set();
        child.Join();
        Assert.That(File.Exists(_path), Is.True);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_listener_does_not_take_the_place_of_one_that_listens()
    {
        using var listener = new ProcessListener(new UnixDomainSocketEndPoint(_path));

        Assert.That(() => new ProcessListener(new UnixDomainSocketEndPoint(_path)), Throws.TypeOf<SocketException>());
        await AssertAcceptsAsync(listener);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_listener_does_not_take_the_place_of_a_file_that_is_no_socket()
    {
        File.WriteAllText(_path, "somebody's");

        Assert.That(() => new ProcessListener(new UnixDomainSocketEndPoint(_path)), Throws.TypeOf<SocketException>());
        Assert.That(File.ReadAllText(_path), Is.EqualTo("somebody's"));
    }

    /// <summary>An address that is this file on Unix.</summary>
    internal static EndPoint At(string path, bool isPipe) => isPipe ? new ProcessPipeEndPoint(path) : new UnixDomainSocketEndPoint(path);

    private static async Task AssertAcceptsAsync(ProcessListener listener)
    {
        using Connection<int> client = await ProcessClient.ConnectAsync<int>(listener.LocalEndPoint).WaitAsync(Guard);
        using Connection<int> accepted = await listener.AcceptAsync<int>().WaitAsync(Guard);
        client.Send(1);
        Assert.That(await accepted.ReceiveAsync().AsTask().WaitAsync(Guard), Is.EqualTo(1));
    }
}
