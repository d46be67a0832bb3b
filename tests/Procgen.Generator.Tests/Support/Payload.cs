using System.Buffers;
using System.Reflection;
using Procgen.CompilerServices;

namespace Procgen.Generator.Tests.Support;

/// <summary>Bytes as the codec of a loaded app takes and leaves them, whatever its type.</summary>
internal static class Payload
{
    private static readonly MethodInfo ReadTyped = typeof(Payload).GetMethod(nameof(ReadAs), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo WriteTyped = typeof(Payload).GetMethod(nameof(WriteAs), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static object? Read(object codec, byte[] bytes) => Invoke(ReadTyped, codec, bytes);

    public static byte[] Write(object codec, object? value) => (byte[])Invoke(WriteTyped, codec, value)!;

    private static object? Invoke(MethodInfo method, object codec, object? value)
    {
        Type at = codec.GetType();
        while (!at.IsGenericType || at.GetGenericTypeDefinition() != typeof(Codec<>)) at = at.BaseType!;
        return method.MakeGenericMethod(at.GetGenericArguments()).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [codec, value], null);
    }

    private static object? ReadAs<T>(Codec<T> codec, byte[] bytes)
    {
        PayloadReader reader = new(bytes);
        T value = codec.Read(ref reader);
        reader.EnsureEnd();
        return value;
    }

    private static byte[] WriteAs<T>(Codec<T> codec, T value)
    {
        ArrayBufferWriter<byte> bytes = new();
        PayloadWriter writer = new(bytes);
        codec.Write(ref writer, value);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
