using Procgen.Queues;

namespace Procgen.Connections;

/// <summary>Where things stand in a pipe's block, behind its logs: the holders of each end.</summary>
internal static class PipeLayout
{
    /// <summary>Bytes of messages, in units of 64, at which a sender waits: 2 MiB.</summary>
    public const int MaxVolume = (2 << 20) / 64;

    public const int Flags = 0;
    public const int IsDuplex = 1;

    /// <summary>Set while a message to the second end has to ring the bell of whoever serves it.</summary>
    public const int RingsBell = 2;

    // Of each end: a counter that makes holds in transit unique, how many holds were ever used, when somebody looked whether
    // the holders live, how often a hold was taken, and the holds.
    public const int Ends = 128;
    public const int EndSize = 4096;
    public const int TransitCounter = 0;
    public const int Top = 4;
    public const int CheckedAt = 8;
    public const int Takes = 16;
    public const int Holds = 64;
    public const int MaxHolds = (EndSize - Holds) / sizeof(ulong);

    public const int Size = Ends + (2 * EndSize);

    public static long Start(bool duplex) => QueueMemory.ExtraStart(duplex ? 2 : 1);
}
