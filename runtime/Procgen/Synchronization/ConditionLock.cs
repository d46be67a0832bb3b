using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>The lock of a condition: recursive or plain.</summary>
internal abstract class ConditionLock
{
    public abstract bool IsHeldByCaller { get; }

    public abstract bool TryAcquire(Deadline deadline, CancellationToken cancellationToken);

    public abstract void Release();

    /// <summary>Frees the lock however often the caller has taken it.</summary>
    /// <param name="deadline">Until when the caller wants to wait for the server of one that lives in one: it is given a while in any case.</param>
    /// <returns>What <see cref="TakeAgain"/> needs.</returns>
    public abstract int ReleaseAll(Deadline deadline);

    /// <summary>Takes it as often again, waiting as long as that takes.</summary>
    public abstract void TakeAgain(int count);

    public abstract void Write(ref PayloadWriter writer);

    public abstract void Dispose();

    public static ConditionLock Read(ref PayloadReader reader) => reader.ReadMemory<bool>()
        ? new Recursive(ReadHandle<ProcessRecursiveLock>(ref reader))
        : new Plain(ReadHandle<ProcessLock>(ref reader));

    private static T ReadHandle<T>(ref PayloadReader reader)
        where T : class, IProcessHandle<T> =>
        reader.ReadHandle<T>() ?? throw new ProcessSerializationException("a condition without its lock");

    public sealed class Recursive(ProcessRecursiveLock inner) : ConditionLock
    {
        public ProcessRecursiveLock Inner => inner;

        public override bool IsHeldByCaller => inner.State.IsHeldByCaller;

        public override bool TryAcquire(Deadline deadline, CancellationToken cancellationToken)
        {
            RecursiveLockState state = inner.State;
            return state.TryTake() || state.Take(deadline, cancellationToken);
        }

        public override void Release() => inner.Release();

        public override int ReleaseAll(Deadline deadline) => inner.State.ReleaseAll(deadline);

        public override void TakeAgain(int count) => inner.State.TakeAgain(count);

        public override void Write(ref PayloadWriter writer)
        {
            writer.WriteMemory(true);
            writer.WriteHandle(inner);
        }

        public override void Dispose() => inner.Dispose();
    }

    public sealed class Plain(ProcessLock inner) : ConditionLock
    {
        public override bool IsHeldByCaller => inner.State.IsHeldHere;

        public override bool TryAcquire(Deadline deadline, CancellationToken cancellationToken)
        {
            LockState state = inner.State;
            return state.TryTake() || state.Take(deadline, cancellationToken);
        }

        public override void Release() => inner.Release();

        public override int ReleaseAll(Deadline deadline)
        {
            if (!inner.State.Release(deadline)) ProcessLock.ThrowFree();
            return 1;
        }

        public override void TakeAgain(int count) => TryAcquire(Deadline.Never, CancellationToken.None);

        public override void Write(ref PayloadWriter writer)
        {
            writer.WriteMemory(false);
            writer.WriteHandle(inner);
        }

        public override void Dispose() => inner.Dispose();
    }
}
