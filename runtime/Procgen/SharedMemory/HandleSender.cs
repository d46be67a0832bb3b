using Procgen.CompilerServices;

namespace Procgen.Shared;

/// <summary>
/// Whom an opening of a block is to be reported to: the process that has sent the handle, told apart from others by the last bits
/// of its id. Those that are equal there are taken for one, and so may let go of what they sent before it has arrived.
/// </summary>
/// <param name="number">Less than <see cref="Count"/>, or that of <see cref="None"/>.</param>
internal readonly struct HandleSender(byte number)
{
    /// <summary>How many are told apart.</summary>
    public const int Count = 64;

    /// <summary>Nobody waits for the opening.</summary>
    public static HandleSender None => new(byte.MaxValue);

    /// <summary>This process.</summary>
    public static HandleSender Own => new((byte)(Environment.ProcessId % Count));

    /// <summary>Whether somebody waits for the opening.</summary>
    public bool IsWaiting => number < Count;

    /// <summary>Its place among <see cref="Count"/>, where it <see cref="IsWaiting"/>.</summary>
    public int Index => number;

    /// <summary>Reads what <see cref="Write"/> wrote; anything else is nobody.</summary>
    public static HandleSender Read(ref PayloadReader reader) => new(reader.ReadMemory<byte>());

    public void Write(ref PayloadWriter writer) => writer.WriteMemory(number);
}
