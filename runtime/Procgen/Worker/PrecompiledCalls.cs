using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// Calls whose results are numbers, by their types' names: that is how crossgen learns to compile the generic code behind
/// them into this assembly, which every worker with such a target would else compile at its start. None of it ever runs.
/// </summary>
internal static class PrecompiledCalls
{
    public static void Name()
    {
        Name<bool>();
        Name<int>();
        Name<long>();
        Name<double>();
    }

    private static void Name<T>()
    {
        UnmanagedCodec<T> codec = UnmanagedCodec<T>.Instance;
        var target = new CallTarget<T>(0, "", typeof(PrecompiledCalls), static (ref PayloadReader _) => throw new NotSupportedException(), codec);
        PayloadWriter writer = default;
        PayloadReader reader = default;
        codec.Write(ref writer, codec.Read(ref reader));
        new Link(null!, sendersWait: true).Send(FrameKind.Result, new CallValue<T>(0, codec, default!), CallValue<T>.Write);
        new NamedCall<T>(target).ExecuteAsync(null!, null!).AsTask().Wait();
        new NamedAsyncCall<T>(target).ExecuteAsync(null!, null!).AsTask().Wait();
        _ = new PendingResult<T>(new NamedCall<T>(target)).Task;
    }

    private sealed class NamedCall<T>(CallTarget<T> target) : SyncCall<T>(target)
    {
        protected internal override void WriteArguments(ref PayloadWriter writer)
        {
        }

        protected internal override T Invoke(Invocation invocation) => default!;
    }

    private sealed class NamedAsyncCall<T>(CallTarget<T> target) : AsyncCall<T>(target)
    {
        protected internal override void WriteArguments(ref PayloadWriter writer)
        {
        }

        protected internal override ValueTask<T> InvokeAsync(Invocation invocation) => default;
    }
}
