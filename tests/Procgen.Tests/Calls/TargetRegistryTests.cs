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
        Dictionary<ulong, Target> made = [];
        TargetRegistry.Register(typeof(First), Find);
        Assert.That(made, Is.Empty);
        Assert.That(TargetRegistry.TryFind(Here, 0xA2, out Target? found));
        Assert.That(found!.Id, Is.EqualTo(0xA2));
        Assert.That(made.Keys, Is.EqualTo(new ulong[] { 0xA2 }));

        // An assembly's initializer may run more than once.
        TargetRegistry.Register(typeof(First), static id => id == 0xA2 ? NewTarget(id) : null);
        Assert.That(TargetRegistry.TryFind(Here, 0xA2, out Target? known));
        Assert.That(known, Is.SameAs(found));

        Target? Find(ulong id)
        {
            if (id is not (0xA1 or 0xA2)) return null;
            if (!made.ContainsKey(id)) made.Add(id, NewTarget(id));
            return made[id];
        }
    }

    [Test]
    public void Neither_another_assemblys_id_nor_an_unknown_one_finds_a_target()
    {
        const ulong Id = 0xB1;
        Target target = NewTarget(Id);
        TargetRegistry.Register(typeof(Second), id => id == Id ? target : null);
        Assert.That(TargetRegistry.TryFind(Here, Id, out Target? found));
        Assert.That(found, Is.SameAs(target));
        Assert.That(found!.ModuleVersionId, Is.EqualTo(Here));
        Assert.That(TargetRegistry.TryFind(typeof(ProcessCall).Module.ModuleVersionId, Id, out _), Is.False);
        Assert.That(TargetRegistry.TryFind(Here, Id + 1, out found), Is.False);
        Assert.That(found, Is.Null);
    }

    private static CallTarget NewTarget(ulong id) => new(id, "Test", typeof(TargetRegistryTests), static (ref PayloadReader _) => throw new NotSupportedException());

    private static class First;

    private static class Second;
}
