using System.Net.Sockets;
using NUnit.Framework;
using Procgen.Interop;

namespace Procgen.Tests.Interop;

[Platform("Linux,MacOsX")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnixSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"procgen-test-{Guid.NewGuid():N}");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public UnixSocketTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        UnixSocket.Unlink(_path);
    }

    [Test]
    public void Bytes_pass_both_ways_also_more_than_the_system_buffers()
    {
        using UnixSocket socket = UnixSocket.Connect(_path);
        using Socket peer = _listener.Accept();
        byte[] sent = new byte[3 << 20];
        new Random(1).NextBytes(sent);
        var echo = new Thread(() =>
        {
            byte[] buffer = new byte[64 << 10];
            int left = sent.Length;
            while (left > 0)
            {
                int count = peer.Receive(buffer);
                for (int done = 0; done < count;) done += peer.Send(buffer.AsSpan(done, count - done));
                left -= count;
            }
        });
        echo.Start();
        var writer = new Thread(() => socket.Write(sent));
        writer.Start();
        byte[] received = new byte[sent.Length];
        for (int done = 0; done < received.Length;)
        {
            int count = socket.Read(received.AsSpan(done));
            Assert.That(count, Is.Positive);
            done += count;
        }

        writer.Join();
        echo.Join();
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    [Test]
    public void The_end_of_the_peer_is_the_end_of_the_stream()
    {
        using UnixSocket socket = UnixSocket.Connect(_path);
        using (Socket peer = _listener.Accept()) peer.Send("ab"u8);
        byte[] buffer = new byte[8];
        Assert.That(socket.Read(buffer), Is.EqualTo(2));
        Assert.That(socket.Read(buffer), Is.Zero);
        Assert.That(() => socket.Write(new byte[1 << 20]), Throws.TypeOf<IOException>());
    }

    [Test]
    public void A_peer_that_leaves_with_bytes_unread_is_the_end_of_the_stream_too()
    {
        using UnixSocket socket = UnixSocket.Connect(_path);
        using (Socket peer = _listener.Accept()) socket.Write("never read"u8);
        Assert.That(socket.Read(new byte[8]), Is.Zero);
    }

    [Test]
    public void Dispose_wakes_a_blocked_reader()
    {
        UnixSocket socket = UnixSocket.Connect(_path);
        using Socket peer = _listener.Accept();
        int read = -1;
        using var reading = new ManualResetEventSlim();
        var reader = new Thread(() =>
        {
            reading.Set();
            read = socket.Read(new byte[8]);
        });
        reader.Start();
        reading.Wait();
        socket.Dispose();
        Assert.That(reader.Join(Patience));
        Assert.That(read, Is.Zero);
        Assert.That(socket.WaitReadable(0));
        Assert.That(() => socket.Write(new byte[1]), Throws.TypeOf<IOException>());
        socket.Dispose();
    }

    [Test]
    public void Waiting_ends_with_bytes_with_the_time_or_with_the_peer()
    {
        using UnixSocket socket = UnixSocket.Connect(_path);
        using Socket peer = _listener.Accept();
        Assert.That(socket.WaitReadable(0), Is.False);
        Assert.That(socket.WaitReadable(20), Is.False);
        peer.Send("x"u8);
        Assert.That(socket.WaitReadable(-1));
        socket.Read(new byte[1]);
        Assert.That(socket.WaitReadable(0), Is.False);
        peer.Dispose();
        Assert.That(socket.WaitReadable(-1));
    }

    [Test]
    public void Nobody_there_is_an_error_at_once()
    {
        _listener.Dispose();
        Assert.That(() => UnixSocket.Connect(_path), Throws.TypeOf<IOException>().With.Property(nameof(Exception.HResult)).AnyOf(LibC.Error.ConnectionRefused, LibC.Error.NoEntry));
        UnixSocket.Unlink(_path);
        UnixSocket.Unlink(_path);
        Assert.That(() => UnixSocket.Connect(_path), Throws.TypeOf<IOException>().With.Property(nameof(Exception.HResult)).EqualTo(LibC.Error.NoEntry).And.Message.Contains(_path));
    }

    [Test]
    public void A_path_that_no_socket_can_have_is_refused()
        => Assert.That(() => UnixSocket.Connect("/tmp/" + new string('x', 120)), Throws.ArgumentException);
}
