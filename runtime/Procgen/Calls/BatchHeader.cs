using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>
/// How a batch begins: what it is, and whose. Its items follow, each an int32 length and its arguments.
/// </summary>
/// <param name="Batch">Its number at its worker.</param>
/// <param name="Count">How many items follow.</param>
/// <param name="IsTimed">Whether an item has a time limit, so that the worker notes when it begins.</param>
/// <param name="IsShared">Whether the arguments are in shared memory.</param>
/// <param name="IsInternal">Whether it is the pool's own, such as an initializer: how long that takes says nothing of calls.</param>
/// <param name="Module">The build of the target's assembly.</param>
/// <param name="Target">The target in it.</param>
/// <param name="TraceParent">The caller's trace context; null where nobody listens.</param>
internal readonly record struct BatchHeader(uint Batch, int Count, bool IsTimed, bool IsShared, bool IsInternal, Guid Module, ulong Target, string? TraceParent)
{
    public void Write(ref PayloadWriter writer)
    {
        writer.WriteMemory(Batch);
        writer.WriteMemory(Count);
        writer.WriteMemory(IsTimed);
        writer.WriteMemory(IsShared);
        writer.WriteMemory(IsInternal);
        writer.WriteGuid(Module);
        writer.WriteMemory(Target);
        writer.WriteString(TraceParent);
    }

    public static BatchHeader Read(ref PayloadReader reader) => new(
        reader.ReadMemory<uint>(),
        reader.ReadMemory<int>(),
        reader.ReadMemory<bool>(),
        reader.ReadMemory<bool>(),
        reader.ReadMemory<bool>(),
        reader.ReadGuid(),
        reader.ReadMemory<ulong>(),
        reader.ReadString());
}
