using NUnit.Framework;
using Procgen.Shared;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.SharedMemory;

public sealed class ProcessIdentityTests
{
    [Test]
    public void This_process_is_alive_and_its_tag_names_it()
    {
        Assert.That(ProcessIdentity.Current.IsAlive, Is.True);
        Assert.That(ProcessIdentity.ProcessIdOf(ProcessIdentity.Current.Tag), Is.EqualTo(Environment.ProcessId));
        Assert.That(ProcessIdentity.Of(Environment.ProcessId), Is.EqualTo(ProcessIdentity.Current));
    }

    [Test]
    public void A_process_that_has_another_ones_id_is_not_that_one()
    {
        ProcessIdentity earlier = ProcessIdentity.From(Environment.ProcessId, ProcessIdentity.Current.Start - 1);

        Assert.That(earlier.IsAlive, Is.False);
    }

    [Test]
    public void A_child_is_alive_until_it_is_dead()
    {
        using ProcessEvent ready = new();
        using ProcessLock mutex = new();
        using ChildProcess child = ChildProcess.Start(Synchronization.SyncJobsTargets.HoldLock(mutex, ready));
        ready.Wait(Guard);
        ProcessIdentity identity = ProcessIdentity.Of(child.Id!.Value);
        Assert.That(identity.IsAlive, Is.True);
        Assert.That(ProcessIdentity.IsTagAlive(identity.Tag), Is.True);

        child.Kill();
        child.Join(Guard);

        Assert.That(identity.IsAlive, Is.False);
    }
}
