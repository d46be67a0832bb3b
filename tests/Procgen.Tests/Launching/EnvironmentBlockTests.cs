using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

/// <summary>What a process that has booted must change to have the environment that is asked for.</summary>
[NonParallelizable]
public class EnvironmentBlockTests
{
    private const string Variable = "PROCGEN_TESTS_VARIABLE";

    [TearDown]
    public void Remove() => Environment.SetEnvironmentVariable(Variable, null);

    [Test]
    public void Nothing_where_it_is_the_same()
    {
        Assert.That(EnvironmentBlock.Differences(EnvironmentBlock.Apply([]), []), Is.Empty);
        Assert.That(EnvironmentBlock.Differences(EnvironmentBlock.Apply([new("A", "1")]), [new("A", "1")]), Is.Empty);
    }

    [Test]
    public void What_this_process_has_set_changed_or_dropped_since()
    {
        Dictionary<string, string> before = EnvironmentBlock.Apply([]);
        Environment.SetEnvironmentVariable(Variable, "1");
        Assert.That(EnvironmentBlock.Differences(before, []), Is.EqualTo(new[] { Variable, "1" }));

        before = EnvironmentBlock.Apply([]);
        Environment.SetEnvironmentVariable(Variable, "2");
        Assert.That(EnvironmentBlock.Differences(before, []), Is.EqualTo(new[] { Variable, "2" }));
        Environment.SetEnvironmentVariable(Variable, null);
        Assert.That(EnvironmentBlock.Differences(before, []), Is.EqualTo(new[] { Variable, null }));
    }

    [Test]
    public void What_is_asked_for_beside_that()
    {
        Dictionary<string, string> before = EnvironmentBlock.Apply([new("GONE", "1"), new("KEPT", "1"), new("CHANGED", "1")]);
        List<string?> changes = EnvironmentBlock.Differences(before, [new("KEPT", "1"), new("CHANGED", ""), new("NEW", "2")]);
        Assert.That(changes.Chunk(2).Select(static pair => (pair[0], pair[1])), Is.EquivalentTo(new[] { ("CHANGED", ""), ("NEW", "2"), ("GONE", null) }));
    }
}
