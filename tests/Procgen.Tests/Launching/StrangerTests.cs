using System.Buffers.Binary;
using System.Net.Sockets;
using NUnit.Framework;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Transport;

namespace Procgen.Tests.Launching;

/// <summary>Bytes from strangers: each is refused, and who is really expected gets in afterwards.</summary>
[Platform("Linux,MacOSX")]
public class StrangerTests
{
    private const int Messages = 10_000;
    private const int AllocatedPerMessage = 64 * 1024;

    [Test]
    public void A_parent_refuses_ten_thousand_strangers_and_then_takes_its_child()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        WorkerTicket ticket = LaunchPipe.NewTicket();
        using var pipe = LaunchPipe.Listen(ticket);
        Task<ByteChannel?> accepted = Task.Factory.StartNew(pipe.Accept, TaskCreationOptions.LongRunning);
        long before = GC.GetTotalAllocatedBytes();
        for (int i = 0; i < Messages; i++)
        {
            using Socket stranger = Connect(ticket.PipePath);
            Send(stranger, Mutate(random, Shown(ticket.WorkerSecret)));
            Assert.That(ReadToEnd(stranger), Is.Zero, $"a stranger was answered (seed {seed}, message {i})");
        }

        Assert.That((GC.GetTotalAllocatedBytes() - before) / Messages, Is.LessThan(AllocatedPerMessage));
        Assert.That(accepted.IsCompleted, Is.False);

        using Socket child = Connect(ticket.PipePath);
        child.Send(Shown(ticket.WorkerSecret));
        byte[] answer = new byte[Preamble.Length];
        Assert.That(Fill(child, answer), Is.True);
        Assert.That(Preamble.Refuse(answer, ticket.ParentSecret), Is.Null);
        using ByteChannel? channel = accepted.GetAwaiter().GetResult();
        Assert.That(channel, Is.Not.Null);
        File.Delete(ticket.PipePath);
    }

    [Test]
    public void A_child_refuses_ten_thousand_preambles_that_are_not_its_parents()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        Secret secret = Secret.Next();
        byte[] right = Shown(secret);
        Assert.That(Preamble.Refuse(right, secret), Is.Null);
        for (int i = 0; i < Messages; i++)
        {
            byte[] message = Mutate(random, right);
            if (message.Length < Preamble.Length) continue; // It would wait for the rest, or see the end.
            Assert.That(Preamble.Refuse(message.AsSpan(0, Preamble.Length), secret), Is.Not.Null, $"seed {seed}, message {i}");
        }
    }

    [Test]
    public void A_child_takes_no_harm_of_ten_thousand_first_frames()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        using var frames = new FrameBuffer();
        frames.Append(FrameKind.Start, NewStart(), WorkerStart.Write);
        byte[] right = frames.Written.ToArray();
        long before = GC.GetTotalAllocatedBytes();
        for (int i = 0; i < Messages; i++)
        {
            (ByteChannel parent, ByteChannel child) = MemoryChannel.CreatePair();
            using var link = new Link(child, sendersWait: true);
            parent.Write(Mutate(random, right));
            parent.Dispose();
            try
            {
                if (!link.TryReadFrame(out _, out ReadOnlySpan<byte> body)) continue;
                var reader = new PayloadReader(body);
                WorkerStart.Read(ref reader);
            }
            catch (Exception error) when (error is InvalidDataException or ProcessSerializationException)
            {
                // Refused: the worker says so and ends.
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, message {i}: {error}");
            }
        }

        Assert.That((GC.GetTotalAllocatedBytes() - before) / Messages, Is.LessThan(AllocatedPerMessage));
    }

    [TestCase(true, "secret", TestName = "A child that is shown a wrong secret says so and ends")]
    [TestCase(false, "first frame", TestName = "A child that is sent a wrong first frame says so and ends")]
    public void A_real_child_refuses(bool wrongSecret, string expected)
    {
        WorkerTicket ticket = LaunchPipe.NewTicket();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(ticket.PipePath));
        listener.Listen();
        using NativeProcess process = NativeProcess.Start(new LaunchRequest
        {
            Command = HostCommand.Resolve(null),
            Environment = WorkerEnvironment.Compose(ticket, [], null),
            StandardError = OutputMode.Capture,
        });
        using Socket parent = listener.Accept();
        Assert.That(Fill(parent, new byte[Preamble.Length]), Is.True);
        parent.Send(Shown(wrongSecret ? Secret.Next() : ticket.ParentSecret));
        if (!wrongSecret) parent.Send([1, 0, 0, 0, (byte)FrameKind.Finish]);
        Assert.That(Shell.StatusOf(process).ExitCode, Is.EqualTo(70));
        Assert.That(process.StandardErrorTail, Does.Contain("was started as a worker and ends").And.Contain(expected));
        Assert.That(File.Exists(ticket.PipePath), Is.False);
    }

    [Test]
    [Platform("Linux")]
    public void Another_user_cannot_connect()
    {
        Assume.That(Environment.IsPrivilegedProcess, "Only root can become somebody else.");
        Assume.That(File.Exists("/usr/bin/setpriv") && File.Exists("/usr/bin/perl"), "There is no setpriv or no perl here.");
        WorkerTicket ticket = LaunchPipe.NewTicket();
        using var pipe = LaunchPipe.Listen(ticket);
        const string Program = "use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); print connect($s, sockaddr_un($ARGV[0])) ? 'in' : 0+$!";
        Assert.That(RunPerl(Program, ticket.PipePath, asNobody: true), Is.EqualTo("13"), "not 'permission denied'");
        Assert.That(RunPerl(Program, ticket.PipePath, asNobody: false), Is.EqualTo("in"), "the owner cannot connect either");
    }

    internal static string RunPerl(string program, string path, bool asNobody)
    {
        string user = asNobody ? "/usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
        return string.Concat(Shell.Output($"{user}/usr/bin/perl -e \"$PROGRAM\" '{path}'", (command, received) => new LaunchRequest
        {
            Command = command,
            Environment = new Dictionary<string, string?> { ["PROGRAM"] = program },
            StandardOutput = OutputMode.Capture,
            OutputReceived = received,
        }));
    }

    private static WorkerStart NewStart() => new()
    {
        Name = "Process-1", Identity = "1", IsDaemon = false, AuthKey = new byte[32], ParentName = "MainProcess", ParentId = 1,
    };

    private static byte[] Shown(Secret secret)
    {
        byte[] shown = new byte[Preamble.Length];
        Preamble.Write(shown, secret);
        return shown;
    }

    /// <summary>Never equal to what it is made from.</summary>
    private static byte[] Mutate(Random random, byte[] right)
    {
        byte[] message;
        switch (random.Next(4))
        {
            case 0:
                message = new byte[random.Next(2 * right.Length)];
                random.NextBytes(message);
                return message;
            case 1:
                return right[..random.Next(right.Length)];
            case 2:
                message = [.. right];
                message[random.Next(right.Length)] ^= (byte)(1 << random.Next(8));
                return message;
            default:
                message = [.. right];
                BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(random.Next(right.Length - sizeof(int))), ~random.Next());
                return message.AsSpan().SequenceEqual(right) ? [] : message;
        }
    }

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static void Send(Socket socket, byte[] message)
    {
        try
        {
            socket.Send(message);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It was refused before it had said all.
        }
    }

    private static int ReadToEnd(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[64]);
        }
        catch (SocketException)
        {
            return 0; // Closed with unread bytes is a reset.
        }
    }

    private static bool Fill(Socket socket, byte[] destination)
    {
        for (int count = 0; count < destination.Length;)
        {
            int read = socket.Receive(destination.AsSpan(count));
            if (read == 0) return false;
            count += read;
        }

        return true;
    }
}
