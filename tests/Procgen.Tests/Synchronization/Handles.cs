using System.Buffers;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Tests.Synchronization;

/// <summary>Sends handles to this process itself, through the bytes that would cross.</summary>
internal static class Handles
{
    /// <summary>A generous guard against hanging, never what a test measures.</summary>
    public static TimeSpan Guard { get; } = TimeSpan.FromMinutes(1);

    public static byte[] Write<T>(T handle, HandleScope? scope = null)
        where T : class, IProcessHandle<T>
    {
        ArrayBufferWriter<byte> bytes = new();
        PayloadWriter writer = new(bytes, scope);
        writer.WriteHandle(handle);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static T Read<T>(byte[] bytes)
        where T : class, IProcessHandle<T>
    {
        PayloadReader reader = new(bytes);
        return reader.ReadHandle<T>()!;
    }

    public static T Copy<T>(T handle)
        where T : class, IProcessHandle<T> => Read<T>(Write(handle));

    /// <summary>Spins until something that no event tells of has come true.</summary>
    public static void Await(Func<bool> condition, string what)
    {
        if (!SpinWait.SpinUntil(condition, Guard)) throw new TimeoutException($"It never came: {what}.");
    }

    /// <summary>Runs something on a thread of its own, which a blocking wait may keep.</summary>
    public static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task<T> OnThread<T>(Func<T> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
