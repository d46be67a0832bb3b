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
        using var link = new Link(near, sendersWait: false);
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
        using var link = new Link(near, sendersWait: false);
        Assert.That(link.TryReadFrame(out _, out _), Is.True);
        var heard = new Heard();
        link.HandleArrived(heard);
        Assert.That(heard.IsClosed, Is.False);
        link.ReadFrames(heard);
        Assert.That(heard.Reason, Is.TypeOf<InvalidDataException>());
        Assert.That(heard.Frames, Is.Empty);
    }

    [Test]
    public void Read_to_its_end_it_stays_open_after_a_farewell_and_closes_after_nonsense([Values] bool isNonsense)
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        far.Write(Frame(FrameKind.Finish, 1));
        if (isNonsense) far.Write([0, 0, 0, 0, 0]);
        else far.Dispose();
        using var link = new Link(near, sendersWait: false);
        var heard = new Heard();
        link.ReadToEnd(heard);
        Assert.That(heard.Frames, Is.EqualTo(new[] { (FrameKind.Finish, (byte)1) }));
        Assert.That(heard.IsClosed, Is.True);
        Assert.That(heard.Reason, isNonsense ? Is.TypeOf<InvalidDataException>() : Is.Null);
        Assert.That(link.Send(FrameKind.Result, 0, static (ref PayloadWriter writer, int _) => writer.WriteMemory((byte)1)), isNonsense ? Is.Zero : Is.EqualTo(1));
    }

    [Test]
    public void A_body_that_sends_something_itself_stands_whole_behind_it()
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        using var link = new Link(near, sendersWait: false);
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
        new Link(far, sendersWait: true).ReadFrames(heard);
        Assert.That(heard.Reason, Is.Null);
        Assert.That(heard.Frames, Is.EqualTo(Enumerable.Repeat(new[] { (FrameKind.Progress, (byte)2), (FrameKind.Result, (byte)1) }, 3).SelectMany(static pair => pair)));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_body_that_waits_for_another_sender_does_not_hold_it_up(CancellationToken cancellationToken)
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        using var link = new Link(near, sendersWait: false);
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
        new Link(far, sendersWait: true).ReadFrames(heard);
        Assert.That(heard.Frames, Is.EqualTo(new[] { (FrameKind.Progress, (byte)2), (FrameKind.Result, (byte)1) }));
    }

    [Test]
    public void A_body_that_throws_leaves_nothing_behind()
    {
        (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
        using var link = new Link(near, sendersWait: false);
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
        new Link(far, sendersWait: true).ReadFrames(heard);
        Assert.That(heard.Frames, Is.EqualTo(new[] { (FrameKind.Progress, (byte)2) }));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_parents_senders_never_wait_for_an_other_end_that_does_not_read_and_all_frames_come_once_and_in_order(CancellationToken cancellationToken)
    {
        using var channel = new NarrowChannel(room: 7);
        using var link = new Link(channel, sendersWait: false);
        Task[] senders = [.. Enumerable.Range(0, 4).Select(sender => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 2000; i++) link.Send(FrameKind.Progress, (byte)((sender << 6) | (i & 63)), static (ref PayloadWriter writer, byte value) => writer.WriteMemory(value));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await Task.WhenAll(senders).WaitAsync(cancellationToken);
        Assert.That(channel.IsWaiting.Wait(TimeSpan.FromSeconds(30), cancellationToken), Is.True);

        channel.Open();
        while (channel.Length < 4 * 2000 * 6) await Task.Delay(1, cancellationToken);
        Heard heard = channel.Replay();
        Assert.That(heard.Frames, Has.Count.EqualTo(4 * 2000));
        for (int sender = 0; sender < 4; sender++)
        {
            Assert.That(
                heard.Frames.Where(frame => frame.First >> 6 == sender).Select(static frame => frame.First & 63),
                Is.EqualTo(Enumerable.Range(0, 2000).Select(static i => i & 63)));
        }
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Closing_a_link_ends_a_write_that_waits_and_keeps_the_first_reason(CancellationToken cancellationToken)
    {
        using var channel = new NarrowChannel(room: 7);
        var link = new Link(channel, sendersWait: false);
        await Task.Run(() => link.Send(new byte[100]), CancellationToken.None).WaitAsync(cancellationToken);
        Assert.That(channel.IsWaiting.Wait(TimeSpan.FromSeconds(30), cancellationToken), Is.True);
        var first = new TimeoutException();
        link.Close(first);
        link.Close(new InvalidDataException());
        Assert.That(channel.HasEnded.Wait(TimeSpan.FromSeconds(30), cancellationToken), Is.True);
        link.Send(new byte[100]);
        var heard = new Heard();
        link.ReadFrames(heard);
        Assert.That((heard.Reason, channel.Length), Is.EqualTo(((Exception)first, 7)));
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
    /// <summary>An other end that takes a few bytes, and then no more until it is told to.</summary>
    private sealed class NarrowChannel(int room) : ByteChannel
    {
        private readonly object _gate = new();
        private readonly MemoryStream _taken = new();
        private int _room = room;
        private bool _isOpen;
        private bool _isDisposed;

        public ManualResetEventSlim IsWaiting { get; } = new();

        public ManualResetEventSlim HasEnded { get; } = new();

        public long Length
        {
            get
            {
                lock (_gate) return _taken.Length;
            }
        }

        public void Open()
        {
            lock (_gate)
            {
                _isOpen = true;
                Monitor.PulseAll(_gate);
            }
        }

        public Heard Replay()
        {
            (ByteChannel near, ByteChannel far) = MemoryChannel.CreatePair();
            lock (_gate) far.Write(_taken.ToArray());
            far.Dispose();
            var heard = new Heard();
            new Link(near, sendersWait: true).ReadFrames(heard);
            return heard;
        }

        public override int Read(Span<byte> destination) => 0;

        public override int WriteSome(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                int count = _isOpen ? bytes.Length : Math.Min(_room, bytes.Length);
                _room -= _isOpen ? 0 : count;
                _taken.Write(bytes[..count]);
                return count;
            }
        }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                IsWaiting.Set();
                while (!_isOpen && !_isDisposed) Monitor.Wait(_gate);
                if (_isDisposed)
                {
                    HasEnded.Set();
                    throw new IOException("closed");
                }

                _taken.Write(bytes);
            }
        }

        public override void Dispose()
        {
            lock (_gate)
            {
                _isDisposed = true;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
