using System.Buffers;
using NUnit.Framework;
using Procgen.CompilerServices;

namespace Procgen.Tests.Calls;

/// <summary>Calls as arguments of calls: as deep as objects, and no deeper.</summary>
[TestFixture]
public sealed class NestedCallTests
{
    private const int Limit = 1000;

    [Test]
    public async Task A_thousand_calls_in_each_other_cross_and_run()
    {
        PayloadReader reader = new(Encode(Make(Limit)));
        ProcessCall<int> read = reader.ReadHandle<ProcessCall<int>>()!;
        reader.EnsureEnd();
        Assert.That(await read.InvokeAsync(), Is.EqualTo(Limit));
    }

    [TestCase(Limit + 1)]
    [TestCase(100_000)]
    public void Deeper_calls_are_refused_on_writing(int depth) =>
        Assert.That(() => Encode(Make(depth)), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("1000 deep"));

    [TestCase(Limit + 1)]
    [TestCase(100_000)]
    public void Deeper_calls_are_refused_on_reading(int depth)
    {
        byte[] innermost = Encode(Make(1));
        byte[] level = Encode(Make(2))[..^innermost.Length];
        byte[] bytes = [.. Enumerable.Repeat(level, depth - 1).SelectMany(static item => item), .. innermost];
        Assert.That(() => Decode(bytes), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("1000 deep"));
    }

    [Test]
    public void Calls_that_lie_side_by_side_are_not_counted_as_if_they_lay_in_each_other()
    {
        ProcessCall<int>[] calls = [.. Enumerable.Range(0, 2 * Limit).Select(static _ => Make(2))];
        ArrayBufferWriter<byte> output = new();
        PayloadWriter writer = new(output);
        foreach (ProcessCall<int> call in calls) writer.WriteHandle(call);
        writer.Flush();
        PayloadReader reader = new(output.WrittenSpan);
        for (int i = 0; i < calls.Length; i++) Assert.That(reader.ReadHandle<ProcessCall<int>>(), Is.Not.Null);
        reader.EnsureEnd();
    }

    private static ProcessCall<int> Make(int depth)
    {
        ProcessCall<int> call = NestedCallsTargets.One();
        for (int i = 1; i < depth; i++) call = NestedCallsTargets.OneMore(call);
        return call;
    }

    private static byte[] Encode(ProcessCall<int> call)
    {
        ArrayBufferWriter<byte> output = new();
        PayloadWriter writer = new(output);
        writer.WriteHandle(call);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static ProcessCall<int>? Decode(byte[] bytes)
    {
        PayloadReader reader = new(bytes);
        return reader.ReadHandle<ProcessCall<int>>();
    }
}

internal static class NestedCalls
{
    [ProcessTarget]
    public static int One() => 1;

    [ProcessTarget]
    public static async Task<int> OneMore(ProcessCall<int> call) => await call.InvokeAsync() + 1;
}
