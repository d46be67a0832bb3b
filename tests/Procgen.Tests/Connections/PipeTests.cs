using NUnit.Framework;
using Procgen.Connections;

namespace Procgen.Tests.Connections;

/// <summary>What CPython's _TestConnection asks of a pipe, with both ends here.</summary>
[CancelAfter(60_000)]
public class PipeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Test]
    public void Both_ends_send_and_receive()
    {
        (Connection<string> first, Connection<string> second) = ProcessPipe.Create<string>();
        using (first)
        using (second)
        {
            first.Send("there");
            second.Send("and back");
            Assert.That(second.Receive(), Is.EqualTo("there"));
            Assert.That(first.Receive(), Is.EqualTo("and back"));
            Assert.That((first.IsReadable, first.IsWritable, second.IsReadable, second.IsWritable), Is.EqualTo((true, true, true, true)));
            Assert.That(first.RemoteEndPoint, Is.Null);
        }
    }

    [Test]
    public void The_directions_may_carry_different_types()
    {
        (Connection<int, string> first, Connection<string, int> second) = ProcessPipe.Create<int, string>();
        using (first)
        using (second)
        {
            first.Send(5);
            second.Send($"{second.Receive()}");
            Assert.That(first.Receive(), Is.EqualTo("5"));
        }
    }

    [Test]
    public void The_first_end_of_a_one_way_pipe_only_receives_and_the_second_only_sends()
    {
        (Connection<int> reader, Connection<int> writer) = ProcessPipe.Create<int>(duplex: false);
        using (reader)
        using (writer)
        {
            Assert.That((reader.IsReadable, reader.IsWritable, writer.IsReadable, writer.IsWritable), Is.EqualTo((true, false, false, true)));
            writer.Send(1);
            Assert.That(reader.Receive(), Is.EqualTo(1));
            Assert.That(reader.Poll(), Is.False);
            Assert.That(() => reader.Send(2), Throws.InvalidOperationException);
            Assert.That(() => writer.Receive(), Throws.InvalidOperationException);
            Assert.That(() => writer.Poll(), Throws.InvalidOperationException);
        }
    }

    [Test]
    public void Bytes_arrive_as_they_were_sent()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (first)
        using (second)
        {
            byte[] message = "hello"u8.ToArray();
            first.SendBytes(message);
            Assert.That(second.ReceiveBytes(), Is.EqualTo(message));
            first.SendBytes([]);
            Assert.That(second.ReceiveBytes(), Is.Empty);
            byte[] large = new byte[3_000_000];
            new Random(1).NextBytes(large);
            first.SendBytes(large);
            Assert.That(second.ReceiveBytes().AsSpan().SequenceEqual(large), Is.True);
        }
    }

    [Test]
    public void Bytes_can_be_received_into_memory_of_the_callers()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (first)
        using (second)
        {
            byte[] buffer = new byte[10];
            first.SendBytes("hello"u8);
            Assert.That(second.ReceiveBytes(buffer.AsSpan(2)), Is.EqualTo(5));
            Assert.That(buffer, Is.EqualTo("\0\0hello\0\0\0"u8.ToArray()));
        }
    }

    [Test]
    public void A_message_that_does_not_fit_the_destination_stays()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (first)
        using (second)
        {
            first.SendBytes(new byte[100]);
            Assert.That(() => second.ReceiveBytes(new byte[99].AsSpan()), Throws.ArgumentException);
            Assert.That(second.ReceiveBytes(new byte[100].AsSpan()), Is.EqualTo(100));
        }
    }

    [Test]
    public void A_message_over_the_maximum_length_makes_the_connection_unusable()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (first)
        using (second)
        {
            first.SendBytes(new byte[100]);
            Assert.That(second.ReceiveBytes(100), Has.Length.EqualTo(100));
            first.SendBytes(new byte[101]);
            Assert.That(() => second.ReceiveBytes(100), Throws.TypeOf<InvalidDataException>());
            Assert.That(() => second.ReceiveBytes(), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => second.ReceiveBytes(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void The_wrong_kind_of_message_throws_and_stays()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (first)
        using (second)
        {
            first.Send(1);
            Assert.That(() => second.ReceiveBytes(), Throws.InvalidOperationException);
            Assert.That(second.Receive(), Is.EqualTo(1));
            first.SendBytes([1, 2, 3, 4]);
            Assert.That(() => second.Receive(), Throws.InvalidOperationException);
            Assert.That(() => second.TryReceive(out _), Throws.InvalidOperationException);
            Assert.That(second.ReceiveBytes(), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        }
    }

    [Test]
    public async Task Poll_tells_of_messages_and_of_the_end()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (first)
        using (second)
        {
            Assert.That(second.Poll(), Is.False);
            Assert.That(second.Poll(Short), Is.False);
            Assert.That(() => second.Poll(TimeSpan.FromMilliseconds(-7)), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => second.TryReceive(out _, TimeSpan.FromMilliseconds(-7)), Throws.TypeOf<ArgumentOutOfRangeException>());
            Task<bool> polling = Task.Factory.StartNew(() => second.Poll(Timeout.InfiniteTimeSpan), TaskCreationOptions.LongRunning);
            first.Send(1);
            Assert.That(await polling, Is.True);
            Assert.That(second.Poll(), Is.True);
            second.Receive();
            Assert.That(second.Poll(), Is.False);
            first.Dispose();
            Assert.That(second.Poll(), Is.True);
            Assert.That(() => second.Receive(), Throws.TypeOf<EndOfStreamException>());
        }
    }

    [Test]
    public void Polling_twice_for_several_messages_keeps_them_apart()
    {
        (Connection<string> first, Connection<string> second) = ProcessPipe.Create<string>();
        using (first)
        using (second)
        {
            // CPython's _TestPoll: messages do not merge, and an empty one counts.
            first.SendBytes([]);
            Assert.That(second.Poll(), Is.True);
            Assert.That(second.ReceiveBytes(), Is.Empty);
            first.SendBytes("a"u8);
            first.SendBytes("b"u8);
            Assert.That(second.Poll(), Is.True);
            Assert.That(second.ReceiveBytes(), Is.EqualTo("a"u8.ToArray()));
            Assert.That(second.Poll(), Is.True);
            Assert.That(second.ReceiveBytes(), Is.EqualTo("b"u8.ToArray()));
            Assert.That(second.Poll(), Is.False);
        }
    }

    [Test]
    public void What_was_sent_before_the_end_still_arrives()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (second)
        {
            first.Send(1);
            first.Send(2);
            first.Dispose();
            Assert.That(second.Receive(), Is.EqualTo(1));
            Assert.That(second.Receive(), Is.EqualTo(2));
            Assert.That(() => second.Receive(), Throws.TypeOf<EndOfStreamException>());
            Assert.That(() => second.TryReceive(out _), Throws.TypeOf<EndOfStreamException>());
            Assert.That(() => second.Send(3), Throws.TypeOf<EndOfStreamException>());
            Assert.That(() => second.SendBytes([3]), Throws.TypeOf<EndOfStreamException>());
        }
    }

    [Test]
    public async Task Disposing_the_other_end_ends_those_who_wait_here()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        Task<int> blocked = Task.Factory.StartNew(second.Receive, TaskCreationOptions.LongRunning);
        Task<int> waiting = second.ReceiveAsync().AsTask();
        List<int> all = [];
        Task reading = Task.Run(async () =>
        {
            await foreach (int message in second.ReceiveAllAsync()) all.Add(message);
        });
        first.Dispose();
        Assert.That(async () => await blocked, Throws.TypeOf<EndOfStreamException>());
        Assert.That(async () => await waiting, Throws.TypeOf<EndOfStreamException>());
        await reading;
        Assert.That(all, Is.Empty);
        second.Dispose();
    }

    [Test]
    public async Task Disposing_this_end_ends_those_who_wait_in_it()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using (first)
        {
            Task<int> blocked = Task.Factory.StartNew(second.Receive, TaskCreationOptions.LongRunning);
            Task<int> waiting = second.ReceiveAsync().AsTask();
            second.Dispose();
            second.Dispose();
            Assert.That(async () => await blocked, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(async () => await waiting, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => second.Send(1), Throws.TypeOf<ObjectDisposedException>());
            await Task.CompletedTask;
        }
    }

    [Test]
    public async Task A_sender_waits_while_too_much_is_on_its_way()
    {
        (Connection<byte[]> first, Connection<byte[]> second) = ProcessPipe.Create<byte[]>();
        using (first)
        using (second)
        {
            byte[] message = new byte[100_000];
            int sent = 1;
            Task blocked;
            for (blocked = first.SendAsync(message).AsTask(); blocked.IsCompleted; sent++) blocked = first.SendAsync(message).AsTask();
            Task sender = Task.Factory.StartNew(() => first.Send(message), TaskCreationOptions.LongRunning);
            for (int i = 0; i < sent + 1; i++) Assert.That(second.Receive(), Has.Length.EqualTo(message.Length));
            await blocked;
            await sender;
            Assert.That(second.Poll(), Is.False);
            Assert.That(((PipeTransport)first.Transport).PagesUsed, Is.LessThan(1000));
        }
    }

    [Test]
    public async Task Cancelled_calls_lose_nothing_and_send_nothing()
    {
        (Connection<byte[]> first, Connection<byte[]> second) = ProcessPipe.Create<byte[]>();
        using (first)
        using (second)
        {
            using CancellationTokenSource source = new();
            Task blocked = Task.Factory.StartNew(() => second.Receive(source.Token), TaskCreationOptions.LongRunning);
            Task waiting = second.ReceiveAsync(source.Token).AsTask();
            await source.CancelAsync();
            Assert.That(async () => await blocked, Throws.InstanceOf<OperationCanceledException>());
            Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
            first.Send([1]);
            Assert.That(await second.ReceiveAsync(), Is.EqualTo(new byte[] { 1 }));

            first.Send(new byte[4_000_000]);
            using CancellationTokenSource sending = new();
            Task sender = first.SendAsync([2], sending.Token).AsTask();
            await sending.CancelAsync();
            Assert.That(async () => await sender, Throws.InstanceOf<OperationCanceledException>());
            Assert.That(second.Receive(), Has.Length.EqualTo(4_000_000));
            Assert.That(second.Poll(), Is.False);
        }
    }

    [Test]
    public async Task An_end_that_is_held_twice_shares_the_messages()
    {
        (Connection<int> first, Connection<int> second) = ProcessPipe.Create<int>();
        using Connection<int> other = new(((PipeTransport)second.Transport).OpenAgain());
        const int Messages = 10_000;
        Task<List<int>>[] readers = [.. new[] { second, other }.Select(connection => Task.Run(async () =>
        {
            List<int> received = [];
            await foreach (int message in connection.ReceiveAllAsync()) received.Add(message);
            return received;
        }))];
        for (int i = 0; i < Messages; i++) first.Send(i);
        first.Dispose();
        List<int>[] received = await Task.WhenAll(readers);
        Assert.That(received.SelectMany(messages => messages), Is.EquivalentTo(Enumerable.Range(0, Messages)));
        Assert.That(received, Is.All.Ordered);

        second.Dispose();
        Assert.That(() => other.Receive(), Throws.TypeOf<EndOfStreamException>());
    }
}
