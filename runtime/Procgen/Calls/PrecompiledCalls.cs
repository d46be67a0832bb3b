using Procgen.CompilerServices;

namespace Procgen.Calls;

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
        Codec<T> codec = UnmanagedCodec<T>.Instance;
        var call = new NamedCall<T>(new CallTarget<T>(0, "", typeof(PrecompiledCalls), static (ref PayloadReader _) => throw new NotSupportedException(), codec));
        PayloadWriter writer = default;
        PayloadReader reader = default;
        UnmanagedCodec<T>.Instance.Write(ref writer, UnmanagedCodec<T>.Instance.Read(ref reader));
        call.ExecuteAsync(null!, null!).AsTask().Wait();
        _ = new PendingResult<T>(call).Task;
    }

    private sealed class NamedCall<T>(CallTarget<T> target) : SyncCall<T>(target)
    {
        protected internal override void WriteArguments(ref PayloadWriter writer)
        {
        }

        protected internal override T Invoke(Invocation invocation) => default!;
    }
}
