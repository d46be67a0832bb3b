using System.Diagnostics.CodeAnalysis;
using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>Reads the values in a server's answers.</summary>
internal static class ManagedValues
{
    public static T Read<T>(PayloadReader answer, Codec<T> codec) => Next(ref answer, codec);

    public static bool TryRead<T>(PayloadReader answer, Codec<T> codec, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!answer.ReadMemory<bool>()) return false;
        value = Next(ref answer, codec);
        return true;
    }

    public static T[] ReadSnapshot<T>(PayloadReader answer, Codec<T> codec, out long version)
    {
        version = answer.ReadMemory<long>();
        var items = new T[answer.ReadMemory<int>()];
        for (int i = 0; i < items.Length; i++) items[i] = Next(ref answer, codec);
        return items;
    }

    /// <summary>A value behind its length, which the codec itself does not need.</summary>
    public static T Next<T>(ref PayloadReader answer, Codec<T> codec)
    {
        _ = answer.ReadMemory<int>();
        return codec.Read(ref answer);
    }
}
