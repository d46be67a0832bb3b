namespace Procgen.Queues;

/// <summary>
/// Where one end of an <see cref="ItemLog"/> stands: how many items have passed it, and at which unit of the log it is.
/// Both in one 64-bit word, so that one store moves them together. Both wrap around; only differences mean anything.
/// </summary>
/// <param name="Count">Items that have passed, modulo 2^32.</param>
/// <param name="Units">Units of eight bytes that have passed, modulo 2^32.</param>
internal readonly record struct LogPosition(uint Count, uint Units)
{
    public LogPosition(ulong word)
        : this((uint)(word >> 32), (uint)word)
    {
    }

    public ulong Word => ((ulong)Count << 32) | Units;
}
