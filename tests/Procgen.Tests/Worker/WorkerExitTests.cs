using NUnit.Framework;
using Procgen.Worker;

namespace Procgen.Tests.Worker;

public class WorkerExitTests
{
    [Test]
    public void What_this_runtime_calls_at_an_exit_has_the_names_that_are_prepared() =>
        Assert.That(WorkerExit.RuntimeSteps(), Has.All.Not.Null);
}
