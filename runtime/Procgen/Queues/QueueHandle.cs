using Procgen.CompilerServices;

namespace Procgen.Queues;

/// <summary>How a queue crosses: where its items live, then what that needs.</summary>
internal static class QueueHandle
{
    private const byte InSharedMemory = 0;

    public static void Write(ref PayloadWriter writer, QueueState state)
    {
        writer.WriteMemory(InSharedMemory);
        state.WriteHandle(ref writer);
    }

    public static QueueState Read(ref PayloadReader reader) => reader.ReadMemory<byte>() switch
    {
        InSharedMemory => SharedQueueState.Read(ref reader),
        byte place => throw new ProcessSerializationException($"a queue's handle says that its items live in place {place}, which is unknown here"),
    };
}
