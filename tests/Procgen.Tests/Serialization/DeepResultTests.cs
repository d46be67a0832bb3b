using NUnit.Framework;

namespace Procgen.Tests.Serialization;

/// <summary>Results that take much stack to read: the reader threads of the parent hold the deepest.</summary>
[TestFixture]
public sealed class DeepResultTests
{
    private const int Limit = 1000;

    [Test]
    public async Task The_deepest_result_comes_back_from_a_child()
    {
        using var child = ChildProcess.Start(DeepTargets.Make(Limit));
        Assert.That(Nest.DepthOf(await child.Completion), Is.EqualTo(Limit));
    }

    [Test]
    public async Task The_deepest_result_comes_back_from_a_pool()
    {
        await using var pool = new ProcessPool(1);
        Assert.That(Nest.DepthOf(await pool.RunAsync(DeepTargets.Make(Limit))), Is.EqualTo(Limit));
        Nest[] mapped = await pool.MapAsync([Limit, 1], DeepTargets.Make);
        Assert.That(mapped.Select(Nest.DepthOf), Is.EqualTo(new[] { Limit, 1 }));
    }

    [Test]
    public void A_target_with_a_small_stack_is_told_of_an_argument_that_is_too_deep_for_it()
    {
        using var child = ChildProcess.Start(DeepTargets.Measure(Nest.Make(Limit)), new ProcessOptions { MaxStackSize = 256 * 1024 });
        Assert.That(async () => await child.Completion, Throws.InstanceOf<ProcgenException>().With.Message.Contains("the stack of this thread"));
    }
}

internal static class Deep
{
    [ProcessTarget]
    public static Nest Make(int depth) => Nest.Make(depth);

    [ProcessTarget]
    public static int Measure(Nest nest) => Nest.DepthOf(nest);
}

internal sealed class Nest
{
    public Guid? Id { get; set; }

    public (int, string)? Name { get; set; }

    public Dictionary<string, List<Nest?[]>>? Inner { get; set; }

    public static Nest Make(int depth)
    {
        Nest nest = new();
        for (int i = 1; i < depth; i++) nest = new Nest { Inner = new() { ["in"] = [[nest, null]] } };
        return nest;
    }

    public static int DepthOf(Nest nest)
    {
        int depth = 0;
        for (Nest? at = nest; at is not null; at = at.Inner?["in"][0][0]) depth++;
        return depth;
    }
}
