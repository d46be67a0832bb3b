using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Queues;

/// <summary>Values to bytes and back, for items of queues and messages of connections.</summary>
internal static class ItemEncoder
{
    [ThreadStatic]
    private static HandleScope? s_spare;

    /// <summary>Encodes a value into an empty buffer.</summary>
    /// <returns>What keeps the handles in it open; null when there are none.</returns>
    public static HandleScope? Encode<T>(Codec<T> codec, T value, ItemBuffer buffer)
    {
        // Few items have handles in them, so one scope serves for many.
        HandleScope scope = s_spare ?? new HandleScope(isAwaited: true);
        s_spare = null;
        try
        {
            PayloadWriter writer = new(buffer, scope);
            codec.Write(ref writer, value);
            writer.Flush();
        }
        catch
        {
            scope.Withdraw();
            throw;
        }

        if (!scope.IsEmpty) return scope;
        s_spare = scope;
        return null;
    }

    /// <param name="codec">The items' codec.</param>
    /// <param name="bytes">The item.</param>
    /// <param name="receipt">Of one that may go back; else null.</param>
    public static T Decode<T>(Codec<T> codec, ReadOnlySpan<byte> bytes, HandleReceipt? receipt = null)
    {
        PayloadReader reader = new(bytes) { Receipt = receipt };
        return codec.Read(ref reader);
    }
}
