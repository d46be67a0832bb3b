using Procgen.Queues;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>Tells the folders below how handles are opened whose state lives in a server.</summary>
internal static class HostedHandles
{
    /// <summary>Called when the process begins, where it may meet managers, and by the first client: what it costs is one delegate.</summary>
    public static void Register() => HostedStates.Load = Load;

    private static void Load()
    {
        HostedStates<LockState>.Reader = HostedLockState.ReadHosted;
        HostedStates<RecursiveLockState>.Reader = HostedRecursiveLockState.ReadHosted;
        HostedStates<SemaphoreState>.Reader = HostedSemaphoreState.ReadHosted;
        HostedStates<EventState>.Reader = HostedEventState.ReadHosted;
        HostedStates<ConditionState>.Reader = HostedConditionState.ReadHosted;
        HostedStates<BarrierState>.Reader = HostedBarrierState.ReadHosted;
        HostedStates<QueueState>.Reader = HostedQueueState.ReadHosted;
    }
}
