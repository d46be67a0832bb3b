using NUnit.Framework;

namespace Procgen.Tests.Connections;

/// <summary>The scenarios of CPython's TestWait that need other processes.</summary>
[CancelAfter(120_000)]
public class WaitAnyProcessTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Messages_of_four_children_are_collected_until_each_is_at_its_end(bool slowly)
    {
        List<Connection<int>> readers = [];
        List<ChildProcess> children = [];
        for (int i = 0; i < 4; i++)
        {
            (Connection<int> reader, Connection<int> writer) = ProcessPipe.Create<int>(duplex: false);
            children.Add(ChildProcess.Start(ConnectionJobsTargets.SendTen(writer, slowly)));
            writer.Dispose();
            readers.Add(reader);
        }

        List<int> messages = [];
        while (readers.Count > 0)
        {
            foreach (Connection<int> ready in Connection.WaitAny(readers))
            {
                try
                {
                    messages.Add(ready.Receive());
                }
                catch (EndOfStreamException)
                {
                    readers.Remove(ready);
                    ready.Dispose();
                }
            }
        }

        IEnumerable<int> expected = children.SelectMany(child => Enumerable.Range(child.Id!.Value * 10, 10));
        Assert.That(messages.Order(), Is.EqualTo(expected.Order()));
        children.ForEach(child => child.Dispose());
    }

    [Test]
    public void Sentinels_and_connections_are_waited_for_together()
    {
        using ProcessQueue<int> gate = new();
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        using (there)
        using (ChildProcess child = ChildProcess.Start(ConnectionJobsTargets.Release(gate)))
        {
            object[] sources = [child.Sentinel, here];
            Assert.That(Connection.WaitAny(sources, TimeSpan.FromMilliseconds(50)), Is.Empty);
            there.Send(1);
            Assert.That(Connection.WaitAny(sources), Is.EqualTo(new object[] { here }));
            here.Receive();
            gate.Put(0);
            Assert.That(Connection.WaitAny(sources), Is.EqualTo(new object[] { child.Sentinel }));
            there.Send(2);
            Assert.That(Connection.WaitAny(sources), Is.EqualTo(sources));
        }
    }
}
