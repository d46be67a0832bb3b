using NUnit.Framework;
using Procgen.CompilerServices;

namespace Procgen.Tests.Calls;

public class TargetRegistryTests
{
    // What is registered stays: each test has ids of its own, and runs once in a process.
    private static readonly Guid Here = typeof(TargetRegistryTests).Module.ModuleVersionId;

    [Test]
    public void A_target_is_made_when_it_is_first_asked_for()
    {
        var table = new Table(0xA1, 0xA2);
        TargetRegistry.Register(table);
        Assert.That(table.Made, Is.Empty);
        Assert.That(TargetRegistry.TryFind(Here, 0xA2, out Target? found));
        Assert.That(found!.Id, Is.EqualTo(0xA2));
        Assert.That(table.Made, Is.EqualTo(new ulong[] { 0xA2 }));

        // An assembly's initializer may run more than once.
        var again = new Table(0xA1, 0xA2);
        TargetRegistry.Register(again);
        Assert.That(TargetRegistry.TryFind(Here, 0xA2, out Target? known));
        Assert.That(known, Is.SameAs(found));
        Assert.That(again.Made, Is.Empty);
    }

    [Test]
    public void Neither_another_assemblys_id_nor_an_unknown_one_finds_a_target()
    {
        TargetRegistry.Register(new OtherTable());
        Assert.That(TargetRegistry.TryFind(Here, OtherTable.Id, out Target? found));
        Assert.That(found!.ModuleVersionId, Is.EqualTo(Here));
        Assert.That(TargetRegistry.TryFind(typeof(ProcessCall).Module.ModuleVersionId, OtherTable.Id, out _), Is.False);
        Assert.That(TargetRegistry.TryFind(Here, OtherTable.Id + 1, out found), Is.False);
        Assert.That(found, Is.Null);
    }

    private static CallTarget NewTarget(ulong id) => new(id, "Test", typeof(TargetRegistryTests), static (ref PayloadReader _) => throw new NotSupportedException());

    private sealed class Table(params ulong[] ids) : TargetTable
    {
        private readonly Dictionary<ulong, Target> _targets = [];

        public override ReadOnlySpan<ulong> Ids => ids;

        public List<ulong> Made { get; } = [];

        public override Target? Find(ulong id)
        {
            if (!ids.Contains(id)) return null;
            if (_targets.TryGetValue(id, out Target? target)) return target;
            Made.Add(id);
            return _targets[id] = NewTarget(id);
        }
    }

    private sealed class OtherTable : TargetTable
    {
        public const ulong Id = 0xB1;
        private static readonly Target Target = NewTarget(Id);

        public override ReadOnlySpan<ulong> Ids => [Id];

        public override Target? Find(ulong id) => id == Id ? Target : null;
    }
}
