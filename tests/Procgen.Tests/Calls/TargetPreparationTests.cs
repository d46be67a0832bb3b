using System.Buffers;
using System.Runtime;
using NUnit.Framework;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen.Tests.Calls;

/// <summary>What a worker in the reserve does so that the call it is taken for finds its code compiled.</summary>
public class TargetPreparationTests
{
    [Test]
    public void A_prepared_target_runs_without_compiling_anything()
    {
        // What all targets of the kind have in common.
        Run(PreparationJobsTargets.Common(1).Target);

        CallTarget target = PreparationJobsTargets.Prepared(1).Target;
        target.Prepare();
        Assert.That(Run(target), Is.Zero);
        Assert.That(Run(PreparationJobsTargets.Unprepared(1).Target), Is.Positive, "the runtime does not count what it compiles");
    }

    [Test]
    public void Every_kind_of_target_can_be_prepared()
    {
        Target[] targets =
        [
            PreparationJobsTargets.Nothing().Target, PreparationJobsTargets.Overloaded(1).Target, PreparationJobsTargets.Overloaded("").Target,
            PreparationJobsTargets.ManyAsync(1, null).Target, PreparationJobsTargets.Injected().Target, ((IWorkItem)PreparationJobsTargets.Items(3)).Target,
            ((IWorkItem)PreparationJobsTargets.ItemsAsync(3)).Target, PreparationJobsTargets.Seventeen(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17).Target,
        ];
        foreach (Target target in targets) Assert.That(target.Prepare, Throws.Nothing, target.Name);
        Assert.That(targets.Count(static target => target.Method is null), Is.EqualTo(1), "only the one with seventeen parameters has no delegate");
    }

    [Test]
    public void To_prepare_a_target_runs_none_of_its_class_s_code()
    {
        StaticPreparationJobsTargets.Read().Target.Prepare();
        Assert.That(PreparationJobs.HasBegun, Is.False);
        Assert.That(StaticPreparationJobs.Read(), Is.EqualTo(1));
        Assert.That(PreparationJobs.HasBegun);
    }

    /// <summary>How many methods the call has compiled.</summary>
    private static long Run(CallTarget target)
    {
        var reader = new PayloadReader([20, 0, 0, 0]);
        var result = new PayloadWriter(new ArrayBufferWriter<byte>());
        var invocation = new Invocation(CancellationToken.None);
        CallRunner run = target.Run!;
        long before = JitInfo.GetCompiledMethodCount(currentThread: true);
        run(ref reader, invocation, ref result);
        return JitInfo.GetCompiledMethodCount(currentThread: true) - before;
    }
}

/// <summary>With a static constructor that must run in the call, and not before the process is what it was asked to be.</summary>
internal static class StaticPreparationJobs
{
    private static readonly int Value;

    static StaticPreparationJobs()
    {
        PreparationJobs.HasBegun = true;
        Value = 1;
    }

    [ProcessTarget]
    public static int Read() => Value;
}

internal static class PreparationJobs
{
    public static bool HasBegun { get; set; }

    [ProcessTarget]
    public static int Common(int x) => x + 1;

    [ProcessTarget]
    public static int Prepared(int x) => x + 2;

    [ProcessTarget]
    public static int Unprepared(int x) => x + 3;

    [ProcessTarget]
    public static void Nothing()
    {
    }

    [ProcessTarget]
    public static int Overloaded(int x) => x;

    [ProcessTarget]
    public static string Overloaded(string x) => x;

    [ProcessTarget]
    public static async Task<(int Count, string? Name)> ManyAsync(int count, string? name)
    {
        await Task.Yield();
        return (count, name);
    }

    [ProcessTarget]
    public static string Injected(WorkerContext worker, CancellationToken cancellationToken) => worker.WorkerName + cancellationToken.CanBeCanceled;

    [ProcessTarget]
    public static IEnumerable<int> Items(int count) => Enumerable.Range(0, count);

    [ProcessTarget]
    public static async IAsyncEnumerable<int> ItemsAsync(int count)
    {
        await Task.Yield();
        yield return count;
    }

    [ProcessTarget]
    public static int Seventeen(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, int p, int q) =>
        a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q;
}
