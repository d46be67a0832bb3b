using System.Buffers;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen.Generator.Tests.Support;

/// <summary>
/// The way of a call without its process: the arguments are encoded, read back by the registered target and run with what a
/// worker would inject; results, items and progress go back through their codecs.
/// </summary>
internal sealed class FarSide : IResultSink, IProgressSink
{
    private readonly IWorkItem _near;
    private byte[] _resultBytes = [];

    private FarSide(IWorkItem near) => _near = near;

    public object? Result { get; private set; }

    public List<object?> Items { get; } = [];

    public static async Task<FarSide> RunAsync(object? call, CancellationToken cancellationToken = default)
    {
        FarSide side = new((IWorkItem)call!);
        var invocation = new Invocation(cancellationToken, new WorkerContext("Worker-7", 7), side);
        await Reopen(side._near).ExecuteAsync(invocation, side);
        if (side._near.Target is CallTarget { Run: { } run }) side.CheckRun(run, invocation);
        return side;
    }

    public ValueTask ItemAsync<T>(Codec<T> codec, T value, CancellationToken cancellationToken)
    {
        Items.Add(Cross(codec, value));
        return default;
    }

    public void Report<T>(int index, Codec<T> codec, T value)
    {
        PayloadReader reader = new(Encode(codec, value));
        _near.ReportProgress(index, ref reader);
    }

    void IResultSink.Result<T>(Codec<T> codec, T value)
    {
        _resultBytes = Encode(codec, value);
        Result = Cross(codec, value);
    }

    /// <summary>The call as the other side reads it.</summary>
    public static IWorkItem Reopen(object call)
    {
        IWorkItem near = (IWorkItem)call;
        ArrayBufferWriter<byte> bytes = new();
        PayloadWriter writer = new(bytes);
        CallHandle.WriteTarget(ref writer, near.Target);
        near.WriteArguments(ref writer);
        writer.Flush();
        PayloadReader reader = new(bytes.WrittenSpan);
        Target target = CallHandle.ReadTarget(ref reader);
        IWorkItem far = target is IStreamTarget stream ? stream.Read(ref reader) : ((CallTarget)target).Read(ref reader);
        Assert.That(reader.Remaining, Is.Zero, "everything written is read");
        return far;
    }

    /// <summary>Run again without an object for the call, it must take the same arguments and write the same result.</summary>
    private void CheckRun(CallRunner run, Invocation invocation)
    {
        ArrayBufferWriter<byte> arguments = new();
        PayloadWriter argumentWriter = new(arguments);
        _near.WriteArguments(ref argumentWriter);
        argumentWriter.Flush();
        ArrayBufferWriter<byte> result = new();
        PayloadReader reader = new(arguments.WrittenSpan);
        PayloadWriter writer = new(result);
        run(ref reader, invocation, ref writer);
        writer.Flush();
        Assert.That(result.WrittenSpan.ToArray(), Is.EqualTo(_resultBytes), "the same result");
        Assert.That(reader.Remaining, Is.Zero, "everything written is read");
    }

    private static T Cross<T>(Codec<T> codec, T value)
    {
        PayloadReader reader = new(Encode(codec, value));
        return codec.Read(ref reader);
    }

    private static byte[] Encode<T>(Codec<T> codec, T value)
    {
        ArrayBufferWriter<byte> bytes = new();
        PayloadWriter writer = new(bytes);
        codec.Write(ref writer, value);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
