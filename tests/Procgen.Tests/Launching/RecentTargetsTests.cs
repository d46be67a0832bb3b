using NUnit.Framework;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[NonParallelizable]
public class RecentTargetsTests
{
    [Test]
    public void The_last_sixteen_are_kept_each_once()
    {
        CallTarget[] targets = [.. Enumerable.Range(0, 20).Select(static i => Target((ulong)i))];
        foreach (CallTarget target in targets) RecentTargets.Add(target);
        Assert.That(RecentTargets.ToArray(), Is.EqualTo(targets[4..]));
        RecentTargets.Add(targets[10]);
        Assert.That(RecentTargets.ToArray(), Is.EqualTo(targets[4..10].Concat(targets[11..]).Append(targets[10])));
    }

    [Test]
    public void Those_that_the_worker_knows_are_prepared_whatever_the_others_are()
    {
        var known = new Table(Target(0xFEED1), Target(0xFEED2, static () => throw new InvalidOperationException("its type cannot be loaded")), Target(0xFEED3));
        TargetRegistry.Register(typeof(Table), known.Find);
        Target[] named = [Target(0xFEED0), .. known.Targets];
        using var frames = new FrameBuffer();
        frames.Append(FrameKind.Prepare, named, RecentTargets.Write);
        var reader = new PayloadReader(frames.Written[FrameLimits.HeaderLength..]);
        RecentTargets.Prepare(ref reader);
        Assert.That(reader.Remaining, Is.Zero);
        Assert.That(known.Prepared, Is.EqualTo(new[] { 0xFEED1UL, 0xFEED3UL }));
    }

    [Test]
    public void A_list_that_is_cut_off_is_an_error()
    {
        using var frames = new FrameBuffer();
        frames.Append(FrameKind.Prepare, [Target(1)], RecentTargets.Write);
        byte[] body = frames.Written[FrameLimits.HeaderLength..^1].ToArray();
        Assert.That(
            () =>
            {
                var reader = new PayloadReader(body);
                RecentTargets.Prepare(ref reader);
            },
            Throws.InstanceOf<ProcessSerializationException>());
    }

    private static CallTarget Target(ulong id, Func<Delegate>? method = null) =>
        new(id, "Test", typeof(RecentTargetsTests), static (ref PayloadReader _) => throw new NotSupportedException()) { Method = method };

    private sealed class Table
    {
        public Table(params CallTarget[] targets) => Targets = [.. targets.Select(target => new CallTarget(target.Id, target.Name, target.Stub, static (ref PayloadReader _) => throw new NotSupportedException())
        {
            Method = () =>
            {
                Delegate method = target.Method?.Invoke() ?? (Action)(static () => { });
                Prepared.Add(target.Id);
                return method;
            },
        })];

        public CallTarget[] Targets { get; }

        public List<ulong> Prepared { get; } = [];

        public CallTarget? Find(ulong id) => Array.Find(Targets, target => target.Id == id);
    }
}
