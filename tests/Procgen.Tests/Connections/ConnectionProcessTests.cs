using NUnit.Framework;

namespace Procgen.Tests.Connections;

/// <summary>The scenarios of CPython's _TestConnection, _TestPoll and _TestPicklingConnections that need other processes.</summary>
[CancelAfter(120_000)]
public class ConnectionProcessTests
{
    [Test]
    public void A_child_echoes_messages()
    {
        (Connection<string> here, Connection<string> there) = ProcessPipe.Create<string>();
        using (here)
        {
            using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.Echo(there));
            there.Dispose();
            string large = new('x', 1_000_000);
            foreach (string message in new[] { "a", "hello", large })
            {
                here.Send(message);
                Assert.That(here.Receive(), Is.EqualTo(message));
            }

            here.Send("");
            Assert.That(here.Poll(TimeSpan.FromMinutes(1)), Is.True);
            Assert.That(() => here.Receive(), Throws.TypeOf<EndOfStreamException>());
            child.Completion.Wait();
        }
    }

    [Test]
    public void A_child_echoes_bytes()
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.EchoBytes(there));
            there.Dispose();
            byte[] buffer = new byte[40];
            here.SendBytes("hello"u8);
            Assert.That(here.ReceiveBytes(buffer.AsSpan(3)), Is.EqualTo(5));
            Assert.That(buffer[3..8], Is.EqualTo("hello"u8.ToArray()));
            here.SendBytes(new byte[16 << 20]);
            Assert.That(here.ReceiveBytes(), Has.Length.EqualTo(16 << 20));
            here.SendBytes([]);
            Assert.That(() => here.ReceiveBytes(), Throws.TypeOf<EndOfStreamException>());
            child.Completion.Wait();
        }
    }

    [Test]
    public void A_one_way_pipe_carries_from_the_child()
    {
        (Connection<int> reader, Connection<int> writer) = ProcessPipe.Create<int>(duplex: false);
        using (reader)
        {
            using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.SendRange(writer, 1000));
            writer.Dispose();
            Assert.That(reader.ReceiveAllAsync().ToBlockingEnumerable(), Is.EqualTo(Enumerable.Range(0, 1000)));
            child.Completion.Wait();
        }
    }

    [Test]
    public void A_message_far_larger_than_what_may_be_on_its_way_arrives()
    {
        (Connection<int> reader, Connection<int> writer) = ProcessPipe.Create<int>(duplex: false);
        using (reader)
        {
            const int Length = (64 << 20) + 1;
            using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.SendBytes(writer, Length));
            writer.Dispose();
            byte[] expected = new byte[Length];
            new Random(Length).NextBytes(expected);
            Assert.That(reader.ReceiveBytes().AsSpan().SequenceEqual(expected), Is.True);
            child.Completion.Wait();
        }
    }

    [Test]
    public void The_end_is_seen_while_the_child_that_let_go_still_runs()
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.DisposeAndHang(there));
            there.Dispose();
            Assert.That(() => here.Receive(), Throws.TypeOf<EndOfStreamException>());
            Assert.That(child.IsAlive, Is.True);
            child.Kill();
        }
    }

    [Test]
    public async Task The_end_is_seen_when_the_last_holder_is_killed()
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            using ChildProcess one = ChildProcess.Start(ConnectionJobsTargets.HoldAndHang(there));
            using ChildProcess two = ChildProcess.Start(ConnectionJobsTargets.HoldAndHang(there));
            there.Dispose();
            here.Receive();
            here.Receive();
            Task<int> waiting = here.ReceiveAsync().AsTask();
            Task<int> blocked = Task.Factory.StartNew(here.Receive, TaskCreationOptions.LongRunning);
            one.Kill();
            one.Join();
            Assert.That(here.Poll(TimeSpan.FromMilliseconds(150)), Is.False);
            two.Kill();
            Assert.That(async () => await waiting, Throws.TypeOf<EndOfStreamException>());
            Assert.That(async () => await blocked, Throws.TypeOf<EndOfStreamException>());
            Assert.That(() => here.Send(1), Throws.TypeOf<EndOfStreamException>());
            await Task.CompletedTask;
        }
    }

    [Test]
    public void An_end_shared_by_two_children_gives_each_message_to_one()
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using ChildProcess<List<int>> one = ChildProcess.Start(ConnectionJobsTargets.ReceiveAll(there));
        using ChildProcess<List<int>> two = ChildProcess.Start(ConnectionJobsTargets.ReceiveAll(there));
        there.Dispose();
        for (int i = 0; i < 5000; i++) here.Send(i);
        here.Dispose();
        Assert.That(one.Completion.Result.Concat(two.Completion.Result).Order(), Is.EqualTo(Enumerable.Range(0, 5000)));
        Assert.That(one.Completion.Result, Is.Ordered);
    }

    [Test]
    public void Both_ends_can_be_with_children()
    {
        (Connection<int> one, Connection<int> two) = ProcessPipe.Create<int>();
        using ChildProcess sender = ChildProcess.Start(ConnectionJobsTargets.SendRange(one, 1000));
        using ChildProcess<List<int>> receiver = ChildProcess.Start(ConnectionJobsTargets.ReceiveAll(two));
        one.Dispose();
        two.Dispose();
        Assert.That(receiver.Completion.Result, Is.EqualTo(Enumerable.Range(0, 1000)));
        sender.Completion.Wait();
    }

    [Test]
    public void An_end_is_passed_on_to_a_grandchild()
    {
        (Connection<string> here, Connection<string> there) = ProcessPipe.Create<string>();
        using (here)
        {
            using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.PassOn(there));
            there.Dispose();
            here.Send("far");
            Assert.That(here.Receive(), Is.EqualTo("far"));
            here.Send("");
            Assert.That(() => here.Receive(), Throws.TypeOf<EndOfStreamException>());
            child.Completion.Wait();
        }
    }

    [Test]
    public void An_end_travels_as_a_message()
    {
        (Connection<Connection<string>> here, Connection<Connection<string>> there) = ProcessPipe.Create<Connection<string>>();
        using ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.Host(there));
        there.Dispose();
        for (int i = 0; i < 20; i++)
        {
            (Connection<string> mine, Connection<string> theirs) = ProcessPipe.Create<string>();
            using (mine)
            {
                here.Send(theirs);
                theirs.Dispose();
                mine.Send($"end {i}");
                Assert.That(mine.Receive(), Is.EqualTo($"end {i}!"));
                Assert.That(() => mine.Receive(), Throws.TypeOf<EndOfStreamException>());
            }
        }

        here.Dispose();
        child.Completion.Wait();
    }

    [Test]
    public void An_end_in_a_call_that_never_ran_counts_as_open_only_until_the_call_has_ended()
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            ChildProcess child = new(ConnectionJobsTargets.HoldAndHang(there), new ProcessOptions { ExecutablePath = "/no/such/file" });
            Assert.That(() => child.Start(), Throws.Exception);
            child.Dispose();
            there.Dispose();
            Assert.That(() => here.Receive(), Throws.TypeOf<EndOfStreamException>());
        }
    }
}
