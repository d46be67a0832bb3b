namespace Procgen.Queues;

/// <summary>
/// Where things stand in the control part of an <see cref="ItemLog"/>, in bytes from its beginning in the block's first
/// range. What one side writes has 128 bytes of its own, so that producers and consumers do not take cache lines from each
/// other without need.
/// </summary>
internal static class LogLayout
{
    // Written once, when the log is made.
    public const int MaxItems = 0;
    public const int MaxVolume = 4;

    // The producers' line, and the intents of whoever holds the tail latch.
    public const int TailLatch = 128;
    public const int Tail = 136;
    public const int TailSegment = 144;
    public const int Completed = 148;
    public const int TailVolume = 152;
    public const int HeadSeen = 156;
    public const int AdvancingTo = 160;
    public const int LinkingSegment = 164;
    public const int PublishingRun = 168;
    public const int PublishingTail = 176;

    // The consumers' line, and the intents of whoever holds the head latch.
    public const int HeadLatch = 256;
    public const int Head = 264;
    public const int HeadSegment = 272;
    public const int TailSeen = 276;
    public const int HeadVolume = 280;
    public const int Returned = 284;
    public const int Leased = 288;
    public const int Done = 292;
    public const int RetiringSegment = 296;
    public const int TakingRun = 300;
    public const int TakingHead = 304;
    public const int LeasingRecord = 312;
    public const int CompletedDone = 316;
    public const int LeaseTop = 320;
    public const int LeaseHint = 324;
    public const int LeaseCheck = 328;

    // Words to wait on.
    public const int ItemsSignal = 384;
    public const int SpaceSignal = 512;
    public const int IdleSignal = 640;

    // Pages of leases: as many as the rest of the control part names.
    public const int LeaseDirectory = 768;
    public const int LeaseChunks = (ControlSize - LeaseDirectory) / sizeof(uint);
    public const int LeasesPerChunk = HeapLayout.PageSize / LeaseSize;
    public const int LeaseSize = 256;

    public const int ControlSize = 8 * 1024;

    public const int UnitSize = 8;

    // A segment: the next one's page, the unit it begins with, then its units.
    public const int SegmentPages = 4;
    public const int SegmentBytes = SegmentPages * HeapLayout.PageSize;
    public const int SegmentNext = 0;
    public const int SegmentBase = 4;
    public const int SegmentData = 16;
    public const uint SegmentUnits = (SegmentBytes - SegmentData) / UnitSize;

    /// <summary>A longer item stands in pages of its own, and only their number in the log.</summary>
    public const int MaxInline = 8 * 1024;

    /// <summary>How many units of items the log may hold at most: positions wrap around beyond.</summary>
    public const uint MaxUnits = 0xE000_0000;
}
