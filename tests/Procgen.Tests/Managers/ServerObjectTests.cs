using System.Buffers;
using System.Net;
using NUnit.Framework;
using Procgen.CompilerServices;
using Procgen.Managers;
using Procgen.Shared;
using Procgen.Synchronization;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Objects of a server, asked without one: what clients do in an order that no client can bring about at will.</summary>
public sealed class ServerObjectTests
{
    private readonly ObjectTable _table = new();
    private readonly ClientSession _alive = new(Guid.NewGuid(), "alive", 1);
    private readonly ClientSession _gone = new(Guid.NewGuid(), "gone", 2);

    [SetUp]
    public void End() => _gone.End();

    [Test]
    public void A_request_that_outlives_its_process_leases_nothing()
    {
        var queue = new QueueObject(_table, 0);
        Ask(queue, _alive, Value(ManagerRequest.Create(ManagerOp.Put)));

        Assert.That(Ask(queue, _gone, ManagerRequest.Create(ManagerOp.Lease))[0], Is.EqualTo((byte)TakeAnswer.Empty));
        Begin(queue, ManagerOp.Lease, _gone);
        Assert.That(Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Lease))[0], Is.EqualTo((byte)TakeAnswer.Done));
    }

    [TestCase(true, ExpectedResult = (byte)TakeAnswer.Empty)]
    [TestCase(false, ExpectedResult = (byte)TakeAnswer.Done)]
    public byte What_a_waiting_consumer_was_handed_is_its_own_once_it_said_so_whenever_its_end_was_seen(bool saidSo)
    {
        var queue = new QueueObject(_table, 0);
        ulong id = _table.Add(queue, _alive);
        var leaving = new ClientSession(Guid.NewGuid(), "leaving", 3);
        (Connection<byte[], byte[]> server, Connection<byte[], byte[]> client) = ProcessPipe.Create<byte[], byte[]>();
        using (server)
        using (client)
        {
            var waits = new ServerWaits(server, _table);
            Tell(waits, leaving, ManagerRequest.Create(ManagerOp.BeginWait, id).Add(1L).Add((byte)ManagerOp.Take));
            Ask(queue, _alive, Value(ManagerRequest.Create(ManagerOp.Put)));

            // Its first connection ends, and only then is read what it sent last over the one on which it waited.
            leaving.End();
            queue.OnSessionEnded(leaving);
            if (saidSo) Tell(waits, leaving, ManagerRequest.Create(ManagerOp.ConfirmWait).Add(1L));
            waits.End();
        }

        return Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take))[0];
    }

    [Test]
    public async Task A_party_that_gives_up_while_the_action_runs_is_told_that_it_was_heard_and_then_how_the_round_ended()
    {
        var barrier = new BarrierObject(2);
        ulong id = _table.Add(barrier, _alive);
        (Connection<byte[], byte[]> server, Connection<byte[], byte[]> client) = ProcessPipe.Create<byte[], byte[]>();
        using (server)
        using (client)
        {
            var waits = new ServerWaits(server, _table);
            for (long wait = 1; wait <= 2; wait++) Tell(waits, _alive, ManagerRequest.Create(ManagerOp.BeginWait, id).Add(wait).Add((byte)ManagerOp.Wait).Add(true));
            await AssertIsAnsweredAsync(client, 2, ManagerAnswer.Result);
            Tell(waits, _alive, ManagerRequest.Create(ManagerOp.CancelWait).Add(1L));

            // Again and again: who is told so goes on waiting.
            for (int i = 0; i < 2; i++) await AssertIsAnsweredAsync(client, 1, ManagerAnswer.Heard);
            Ask(barrier, _alive, ManagerRequest.Create(ManagerOp.EndAction).Add(0L).Add(true));
            await AssertIsAnsweredAsync(client, 1, ManagerAnswer.Result);
        }
    }

    [TestCase((byte)ManagerOp.Take)]
    [TestCase((byte)ManagerOp.Lease)]
    public void An_item_in_an_answer_that_is_not_sent_is_the_first_again_and_keeps_the_queue_from_being_completed(byte op)
    {
        var queue = new QueueObject(_table, 0);
        for (int i = 0; i < 2; i++) Ask(queue, _alive, Value(ManagerRequest.Create(ManagerOp.Put)));
        Ask(queue, _alive, ManagerRequest.Create(ManagerOp.CompleteAdding));
        Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take));
        Ask(queue, _alive, ManagerRequest.Create((ManagerOp)op), out Handover? unsent);
        Assert.That(Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take))[0], Is.EqualTo((byte)TakeAnswer.Empty));

        unsent!.Undo();
        Assert.That(Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take))[0], Is.EqualTo((byte)TakeAnswer.Done));
        Assert.That(Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take))[0], Is.EqualTo((byte)TakeAnswer.Completed));
    }

    [Test]
    public void An_item_is_there_again_where_whoever_waits_for_its_space_cannot_be_let_in([Values] bool isHandedLater)
    {
        var queue = new QueueObject(_table, 1);
        Ask(queue, _alive, Value(ManagerRequest.Create(ManagerOp.Put)));
        using (ManagerRequest item = Value(ManagerRequest.Create(ManagerOp.Put)))
        {
            // Nobody has begun it: who looks whether it is still waited for fails.
            var reader = new PayloadReader(item.Body.Span[9..]);
            queue.Begin(new ServerWait(1, ManagerOp.Put, queue, _alive, null!), ref reader);
        }

        if (isHandedLater) Begin(queue, ManagerOp.Take, _alive);
        else Assert.That(() => Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take)), Throws.InstanceOf<NullReferenceException>());
        Assert.That(CountOf(queue), Is.EqualTo(1));
        Assert.That(Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take))[0], Is.EqualTo((byte)TakeAnswer.Done));
    }

    [TestCase((byte)ManagerOp.Take)]
    [TestCase((byte)ManagerOp.Lease)]
    public async Task An_item_that_is_too_long_for_a_waiting_consumers_connection_fails_the_wait_and_stays(byte op)
    {
        byte[] key = "the key of these tests"u8.ToArray();
        var queue = new QueueObject(_table, 0);
        ulong id = _table.Add(queue, _alive);
        using var listener = new ProcessListener(new IPEndPoint(IPAddress.Loopback, 0), key, new ProcessListenerOptions { MaxMessageLength = 2_000 });
        Task<Connection<byte[]>> accepting = listener.AcceptAsync<byte[]>();
        using Connection<byte[]> client = ProcessClient.Connect<byte[]>(listener.LocalEndPoint, key);
        using Connection<byte[]> server = await accepting;
        var waits = new ServerWaits(server, _table);
        for (long wait = 1; wait <= 2; wait++) Tell(waits, _alive, ManagerRequest.Create(ManagerOp.BeginWait, id).Add(wait).Add(op));

        Assert.That(Ask(queue, _alive, LongValue(ManagerRequest.Create(ManagerOp.Put))), Is.EqualTo(new[] { (byte)PutAnswer.Done }));

        // Each is handed it in turn, in vain, and may wait again for another.
        for (long wait = 1; wait <= 2; wait++) await AssertIsAnsweredAsync(client, wait, ManagerAnswer.Error);
        Await(() => CountOf(queue) == 1, "the item's return");
        Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Take));
        Tell(waits, _alive, ManagerRequest.Create(ManagerOp.BeginWait, id).Add(3L).Add(op));
        Ask(queue, _alive, Value(ManagerRequest.Create(ManagerOp.Put)));
        await AssertIsAnsweredAsync(client, 3, ManagerAnswer.ResultToConfirm);
    }

    [Test]
    public async Task A_result_for_which_there_is_no_memory_is_an_error_and_is_undone()
    {
        (Connection<byte[], byte[]> server, Connection<byte[], byte[]> client) = ProcessPipe.Create<byte[], byte[]>();
        using (server)
        using (client)
        {
            var undone = new TaskCompletionSource();
            var wait = new ServerWait(5, ManagerOp.Take, new LockObject(), _alive, new ServerWaits(server, _table));

            wait.Complete((ref PayloadWriter _) => throw new InsufficientMemoryException(), new Undoable(undone));

            await AssertIsAnsweredAsync(client, 5, ManagerAnswer.Error);
            await undone.Task.WaitAsync(Guard);
        }
    }

    [Test]
    public void What_comes_as_an_answer_and_is_none_fails_all_waits_and_nothing_else()
    {
        (Connection<byte[], byte[]> server, Connection<byte[], byte[]> client) = ProcessPipe.Create<byte[], byte[]>();
        using (server)
        using (var channel = new WaitChannel(() => client, static error => new ConnectionLostException("lost", error), new AnswerWatch(static () => { })))
        {
            PendingAnswer wait = channel.Begin(ManagerRequest.Create(ManagerOp.BeginWait), 1);
            server.Send([1, 2, 3]);

            Assert.ThrowsAsync<ConnectionLostException>(() => wait.Task.WaitAsync(Guard));
        }
    }

    [Test]
    public async Task A_server_that_was_heard_and_then_says_nothing_is_given_up()
    {
        (Connection<byte[], byte[]> server, Connection<byte[], byte[]> client) = ProcessPipe.Create<byte[], byte[]>();
        using var time = new TemporarySetting<TimeSpan>(AnswerWatch.AnswerTime, TimeSpan.FromSeconds(1), static value => AnswerWatch.AnswerTime = value);
        var givenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (server)
        using (var channel = new WaitChannel(() => client, static error => new ConnectionLostException("lost", error), new AnswerWatch(givenUp.SetResult)))
        {
            PendingAnswer wait = channel.Begin(ManagerRequest.Create(ManagerOp.BeginWait), 1);
            wait.GiveUp(GivenUp.Cancelled);
            await server.SendBytesAsync(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, (byte)ManagerAnswer.Heard });

            await givenUp.Task.WaitAsync(Guard);
            Assert.That(wait.Task.IsCompleted, Is.False, "the channel is for the client to end");
        }
    }

    [TestCase((byte)ManagerAnswer.Cancelled)]
    [TestCase((byte)ManagerAnswer.Result)]
    public async Task A_wait_in_which_a_thread_is_interrupted_is_given_up_and_a_result_that_came_first_is_not_lost(byte how)
    {
        (Connection<byte[], byte[]> server, Connection<byte[], byte[]> client) = ProcessPipe.Create<byte[], byte[]>();
        using (server)
        using (var channel = new WaitChannel(() => client, static error => new ConnectionLostException("lost", error), new AnswerWatch(static () => { })))
        {
            PendingAnswer wait = channel.Begin(ManagerRequest.Create(ManagerOp.BeginWait), 1);
            Task<PendingAnswer.Result> waiting = OnThread(() =>
            {
                Thread.CurrentThread.Interrupt();
                return wait.Wait(new Patience(Deadline.Never, CancellationToken.None));
            });
            foreach (ManagerOp told in new[] { ManagerOp.BeginWait, ManagerOp.CancelWait })
                Assert.That((ManagerOp)(await server.ReceiveBytesAsync().AsTask().WaitAsync(Guard))[0], Is.EqualTo(told));
            await server.SendBytesAsync(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, how });

            if (how == (byte)ManagerAnswer.Result) Assert.That((await waiting.WaitAsync(Guard)).How, Is.EqualTo(ManagerAnswer.Result));
            else Assert.That(async () => await waiting.WaitAsync(Guard), Throws.TypeOf<ThreadInterruptedException>());
        }
    }

    [Test]
    public void A_lock_is_not_handed_to_a_process_that_is_gone()
    {
        var mutex = new LockObject();
        Begin(mutex, ManagerOp.Acquire, _gone);
        Assert.That(Ask(mutex, _alive, ManagerRequest.Create(ManagerOp.Acquire))[0], Is.EqualTo((byte)Taking.Taken));
        Begin(mutex, ManagerOp.Acquire, _gone);
        Ask(mutex, _alive, ManagerRequest.Create(ManagerOp.ReleaseLock));

        Assert.That(Ask(mutex, _alive, ManagerRequest.Create(ManagerOp.Acquire))[0], Is.EqualTo((byte)Taking.Taken));
    }

    [TestCase((byte)ManagerOp.Clear)]
    [TestCase((byte)ManagerOp.Set)]
    [TestCase((byte)ManagerOp.RemoveAt)]
    public void A_proxy_can_be_opened_that_was_read_before_others_removed_it(byte removal)
    {
        var outer = new ListObject(_table, isFixedSize: false);
        ulong inner = _table.Add(new ListObject(_table, isFixedSize: false), _alive);
        Ask(outer, _alive, Value(ManagerRequest.Create(ManagerOp.Add).Add(1), inner));
        _table.Release(inner, _alive);
        Ask(outer, _alive, ManagerRequest.Create(ManagerOp.Get).Add(0));

        Ask(outer, _alive, Value(ManagerRequest.Create((ManagerOp)removal).Add(0)));
        _table.Sweep();

        Assert.That(() => _table.AddReference(inner, _alive), Throws.Nothing);
    }

    [Test]
    public void A_dictionary_does_not_keep_what_it_could_not_hold()
    {
        var dictionary = new DictionaryObject(_table);

        Assert.That(
            () => Ask(dictionary, _alive, Value(Value(ManagerRequest.Create(ManagerOp.Set)), 77)),
            Throws.TypeOf<ConnectionLostException>());
        Assert.That(Ask(dictionary, _alive, ManagerRequest.Create(ManagerOp.Count)), Is.EqualTo(new byte[4]));
    }

    /// <summary>Adds a value of one byte, in which there are proxies.</summary>
    private static ManagerRequest Value(ManagerRequest request, params ulong[] references)
    {
        request.Add(1).Add((byte)7).Add(references.Length);
        foreach (ulong reference in references) request.Add(reference);
        return request;
    }

    /// <summary>Adds a value of more bytes than the short messages of a connection.</summary>
    private static ManagerRequest LongValue(ManagerRequest request)
    {
        request.Add(4_000);
        for (int i = 0; i < 500; i++) request.Add(0L);
        return request.Add(0);
    }

    private int CountOf(QueueObject queue) => new PayloadReader(Ask(queue, _alive, ManagerRequest.Create(ManagerOp.Status))).ReadMemory<int>();

    private static async Task AssertIsAnsweredAsync(Connection client, long wait, ManagerAnswer how)
    {
        var answer = new PayloadReader(await client.ReceiveBytesAsync().AsTask().WaitAsync(Guard));
        Assert.That(answer.ReadMemory<long>(), Is.EqualTo(wait));
        Assert.That((ManagerAnswer)answer.ReadMemory<byte>(), Is.EqualTo(how));
    }

    /// <summary>Asks, and gets the answer.</summary>
    private static byte[] Ask(ServerObject target, ClientSession session, ManagerRequest request)
    {
        byte[] answer = Ask(target, session, request, out Handover? sent);
        sent?.Confirm();
        return answer;
    }

    private static byte[] Ask(ServerObject target, ClientSession session, ManagerRequest request, out Handover? sent)
    {
        sent = null;
        using (request)
        {
            var answer = new ArrayBufferWriter<byte>();
            var reader = new PayloadReader(request.Body.Span);
            var writer = new PayloadWriter(answer);
            var op = (ManagerOp)reader.ReadMemory<byte>();
            reader.ReadMemory<ulong>();
            bool isTaking = op is ManagerOp.Take or ManagerOp.Lease;
            if (isTaking) sent = target.Hand(op, ManagerAnswer.Result, ref writer, session);
            else target.Invoke(op, ref reader, ref writer, session);
            writer.Flush();
            return answer.WrittenSpan[(isTaking ? 1 : 0)..].ToArray();
        }
    }

    private static void Tell(ServerWaits waits, ClientSession session, ManagerRequest request)
    {
        using (request) Assert.That(waits.TryTake(request.Body.Span, session), Is.True);
    }

    /// <summary>Begins a wait of a process that is gone: nothing is sent to it.</summary>
    private void Begin(ServerObject target, ManagerOp op, ClientSession session)
    {
        var reader = default(PayloadReader);
        target.Begin(new ServerWait(1, op, target, session, new ServerWaits(null!, _table)), ref reader);
    }

    private sealed class Undoable(TaskCompletionSource undone) : Handover
    {
        public override void Confirm() => Assert.Fail("It never came.");

        public override void Undo() => undone.SetResult();
    }
}
