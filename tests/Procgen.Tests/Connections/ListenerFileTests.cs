using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using NUnit.Framework;
using Procgen.Connections;
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
    public void Delete()
    {
        File.Delete(_path);
        Assert.That(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), Path.GetFileName(_path) + "*"), Is.Empty);
    }

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

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_listener_waits_for_another_that_is_about_to_listen_there([Values] bool isPipe)
    {
        using Socket other = NewSocket();
        Task making;
        using (Lock())
        {
            other.Bind(new UnixDomainSocketEndPoint(_path));
            making = await BeginAsync(() => new ProcessListener(At(_path, isPipe)).Dispose());
            other.Listen();
        }

        Assert.That(async () => await making.WaitAsync(Guard), Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.AddressAlreadyInUse));
        Assert.That(SocketFile.Probe(_path), Is.EqualTo(SocketError.Success));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task A_listener_s_end_too_waits_for_another_that_is_about_to_listen_there([Values] bool isPipe)
    {
        var listener = new ProcessListener(At(_path, isPipe));
        Task disposing;
        using (Lock())
        {
            disposing = await BeginAsync(listener.Dispose);
            Assert.That(SocketFile.Probe(_path), Is.EqualTo(SocketError.Success));
        }

        await disposing.WaitAsync(Guard);
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void What_a_user_has_beside_it_is_nobody_elses([Values] bool isPipe)
    {
        string own = _path + ".lock";
        using FileStream guard = new(own, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        new ProcessListener(At(_path, isPipe)).Dispose();
        Assert.That(File.Exists(own), Is.True);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_pipe_s_name_is_no_relative_path()
    {
        var address = new ProcessPipeEndPoint("folder/name");
        Assert.That(() => new ProcessListener(address), Throws.TypeOf<PlatformNotSupportedException>());
        Assert.That(() => ProcessClient.Connect<int>(address), Throws.TypeOf<PlatformNotSupportedException>());
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_file_is_not_abandoned_where_another_is_about_to_listen()
    {
        using Socket other = NewSocket();
        using (Lock())
        {
            other.Bind(new UnixDomainSocketEndPoint(_path));
            SocketFile.DeleteIfAbandoned(_path);
            Assert.That(File.Exists(_path), Is.True);
        }

        SocketFile.DeleteIfAbandoned(_path);
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void The_file_goes_with_the_listener_where_connections_outlive_it([Values] bool isPipe)
    {
        var listener = new ProcessListener(At(_path, isPipe));
        using Connection<int> client = ProcessClient.Connect<int>(listener.LocalEndPoint);
        using Connection<int> server = listener.Accept<int>();
        listener.Dispose();
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_process_keeps_its_file_while_it_waits_for_its_children_at_its_exit([Values] bool isPipe)
    {
        using var isThere = new SharedValue<int>(-1);
        using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.ListenAndJoinAtExit(_path, isPipe, isThere));
        child.Join();
        Assert.That(isThere.Value, Is.EqualTo(1));
        Assert.That(File.Exists(_path), Is.False);
    }

    /// <summary>An address that is this file on Unix.</summary>
    internal static EndPoint At(string path, bool isPipe) => isPipe ? new ProcessPipeEndPoint(path) : new UnixDomainSocketEndPoint(path);

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>What a process has that is about to listen there.</summary>
    private FileStream Lock() => new(_path + SocketFile.LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);

    /// <summary>Begins something on a thread of its own, until it waits for the lock or has ended.</summary>
    private async Task<Task> BeginAsync(Action action)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EventHandler<FirstChanceExceptionEventArgs> noteWait = (_, thrown) =>
        {
            if (thrown.Exception is IOException && thrown.Exception.Message.Contains(_path)) waits.TrySetResult();
        };
        AppDomain.CurrentDomain.FirstChanceException += noteWait;
        try
        {
            Task begun = OnThread(action);
            await Task.WhenAny(begun, waits.Task).WaitAsync(Guard);
            return begun;
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= noteWait;
        }
    }

    private static async Task AssertAcceptsAsync(ProcessListener listener)
    {
        using Connection<int> client = await ProcessClient.ConnectAsync<int>(listener.LocalEndPoint).WaitAsync(Guard);
        using Connection<int> accepted = await listener.AcceptAsync<int>().WaitAsync(Guard);
        client.Send(1);
        Assert.That(await accepted.ReceiveAsync().AsTask().WaitAsync(Guard), Is.EqualTo(1));
    }
}
