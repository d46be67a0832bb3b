using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// Who owns a page, a lease or a latch: a process in 64 bits, so that one store or one compare-and-swap takes or gives
/// it. Bit 0 is left to the holder of the word (a latch keeps there whether someone waits).
/// </summary>
internal static class OwnerToken
{
    /// <summary>Nobody: free.</summary>
    public const ulong None = 0;

    /// <summary>A page that is part of the log itself.</summary>
    public const ulong Linked = ulong.MaxValue - 1;

    /// <summary>A leased item that came back.</summary>
    public const ulong Returned = ulong.MaxValue - 3;

    /// <summary>A lease whose item was completed and is not counted yet.</summary>
    public const ulong Completing = ulong.MaxValue - 5;

    /// <summary>A lease that is being freed.</summary>
    public const ulong Freeing = ulong.MaxValue - 7;

    /// <summary>This process.</summary>
    public static ulong Current { get; } = Of(ProcessIdentity.Current);

    public static ulong Of(ProcessIdentity process) => (ulong)process.Tag << 1;

    public static bool IsProcess(ulong owner) => owner is not None and < Freeing;

    /// <summary>Whether the process runs. Costs a look into the process table, unless it is this one.</summary>
    public static bool IsAlive(ulong owner) => ProcessIdentity.IsTagAlive((long)(owner >> 1));
}
