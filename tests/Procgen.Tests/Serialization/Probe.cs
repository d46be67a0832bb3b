using System.Buffers;
using Procgen.CompilerServices;

namespace Procgen.Tests.Serialization;

/// <summary>
/// A handle that only names a type: the generator emits and registers the codec of what a handle's type argument says, as
/// it does for a queue's, and tests then ask the registry for it.
/// </summary>
internal sealed class Probe<T> : IProcessHandle<Probe<T>>
{
    void IProcessHandle<Probe<T>>.WriteHandle(ref PayloadWriter writer)
    {
    }

    static Probe<T> IProcessHandle<Probe<T>>.ReadHandle(ref PayloadReader reader) => new();
}

/// <summary>One value to bytes and back, through the codec of its declared type.</summary>
internal static class Payload
{
    public static byte[] Encode<T>(T value) => Encode(Codecs.Get<T>(), value);

    public static byte[] Encode<T>(Codec<T> codec, T value)
    {
        ArrayBufferWriter<byte> output = new();
        PayloadWriter writer = new(output);
        codec.Write(ref writer, value);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static T Decode<T>(ReadOnlySpan<byte> bytes) => Decode(Codecs.Get<T>(), bytes);

    public static T Decode<T>(Codec<T> codec, ReadOnlySpan<byte> bytes)
    {
        PayloadReader reader = new(bytes);
        T value = codec.Read(ref reader);
        reader.EnsureEnd();
        return value;
    }
}
