using System.Buffers.Binary;
using NUnit.Framework;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Tests.Transport;

/// <summary>Frames over one channel, and what becomes of them where they make no sense.</summary>
public class LinkTests
{
    [Test]
    public void What_has_arrived_with_the_first_frame_is_handled_before_the_rest()
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        far.Write([.. Frame(FrameKind.Start), .. Frame(FrameKind.Call, 1), .. Frame(FrameKind.Cancel, 2)]);
        using var link = new Link(near);
        Assert.That(link.TryReadFrame(out FrameKind first, out _), Is.True);
        var heard = new Heard();
        link.HandleArrived(heard);
        Assert.That(first, Is.EqualTo(FrameKind.Start));
        Assert.That(heard.Frames, Is.EqualTo(new[] { (FrameKind.Call, (byte)1), (FrameKind.Cancel, (byte)2) }));

        far.Write(Frame(FrameKind.Finish, 3));
        far.Dispose();
        link.ReadFrames(heard);
        Assert.That(heard.Frames[^1], Is.EqualTo((FrameKind.Finish, (byte)3)));
        Assert.That((heard.IsClosed, heard.Reason), Is.EqualTo((true, default(Exception))));
    }

    [Test]
    public void Nonsense_behind_the_first_frame_closes_the_link_for_whoever_reads_on()
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        far.Write([.. Frame(FrameKind.Start), 0, 0, 0, 0, 0]);
        using var link = new Link(near);
        Assert.That(link.TryReadFrame(out _, out _), Is.True);
        var heard = new Heard();
        link.HandleArrived(heard);
        Assert.That(heard.IsClosed, Is.False);
        link.ReadFrames(heard);
        Assert.That(heard.Reason, Is.TypeOf<InvalidDataException>());
        Assert.That(heard.Frames, Is.Empty);
    }

    [Test]
    public void A_body_that_sends_something_itself_stands_whole_behind_it()
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        using var link = new Link(near);
        for (int round = 0; round < 3; round++)
        {
            link.Send(FrameKind.Result, link, static (ref PayloadWriter writer, Link same) =>
            {
                writer.WriteMemory((byte)1);
                same.Send(FrameKind.Progress, 0, static (ref PayloadWriter inner, int _) => inner.WriteMemory((byte)2));
                writer.WriteMemory((byte)3);
            });
        }

        link.Dispose();
        var heard = new Heard();
        new Link(far).ReadFrames(heard);
        Assert.That(heard.Reason, Is.Null);
        Assert.That(heard.Frames, Is.EqualTo(Enumerable.Repeat(new[] { (FrameKind.Progress, (byte)2), (FrameKind.Result, (byte)1) }, 3).SelectMany(static pair => pair)));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_body_that_waits_for_another_sender_does_not_hold_it_up(CancellationToken cancellationToken)
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        using var link = new Link(near);
        using var sent = new ManualResetEventSlim();
        Task slow = Task.Run(
            () => link.Send(FrameKind.Result, (sent, cancellationToken), static (ref PayloadWriter writer, (ManualResetEventSlim Sent, CancellationToken Token) other) =>
            {
                other.Sent.Wait(other.Token);
                writer.WriteMemory((byte)1);
            }),
            cancellationToken);
        link.Send(FrameKind.Progress, 0, static (ref PayloadWriter writer, int _) => writer.WriteMemory((byte)2));
        sent.Set();
        await slow;

        link.Dispose();
        var heard = new Heard();
        new Link(far).ReadFrames(heard);
        Assert.That(heard.Frames, Is.EqualTo(new[] { (FrameKind.Progress, (byte)2), (FrameKind.Result, (byte)1) }));
    }

    [Test]
    public void A_body_that_throws_leaves_nothing_behind()
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        using var link = new Link(near);
        Assert.That(
            () => link.Send(FrameKind.Result, 0, static (ref PayloadWriter writer, int _) =>
            {
                writer.WriteMemory((byte)1);
                throw new TimeoutException();
            }),
            Throws.TypeOf<TimeoutException>());
        link.Send(FrameKind.Progress, 0, static (ref PayloadWriter writer, int _) => writer.WriteMemory((byte)2));

        link.Dispose();
        var heard = new Heard();
        new Link(far).ReadFrames(heard);
        Assert.That(heard.Frames, Is.EqualTo(new[] { (FrameKind.Progress, (byte)2) }));
    }

    private static byte[] Frame(FrameKind kind, params byte[] body)
    {
        byte[] frame = [0, 0, 0, 0, (byte)kind, .. body];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length + 1);
        return frame;
    }

    private sealed class Heard : IFrameHandler
    {
        public List<(FrameKind Kind, byte First)> Frames { get; } = [];

        public bool IsClosed { get; private set; }

        public Exception? Reason { get; private set; }

        public void OnFrame(FrameKind kind, ReadOnlySpan<byte> body) => Frames.Add((kind, body[0]));

        public void OnClosed(Exception? reason)
        {
            IsClosed = true;
            Reason = reason;
        }
    }
}
