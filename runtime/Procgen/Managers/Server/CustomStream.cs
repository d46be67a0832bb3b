using System.Buffers;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// The items of a member, on their way to one client over a connection that serves nothing else. The client ends the stream
/// by ending the connection. Disposed by the thread that runs it.
/// </summary>
internal abstract class CustomStream(CustomObject host) : IDisposable
{
    /// <summary>How long the handles in an item stay open for the client to open them.</summary>
    private static readonly TimeSpan ArrivalTime = TimeSpan.FromMinutes(1);

    protected CustomObject Host { get; } = host;

    /// <summary>Sends the items until there are no more or the client is gone, on the calling thread.</summary>
    public abstract void Run(Connection connection);

    public virtual void Dispose() => Host.Exit();

    protected static byte[] Item<TItem>(Codec<TItem> codec, TItem item)
    {
        var scope = new HandleScope();
        var bytes = new ArrayBufferWriter<byte>(64);
        try
        {
            var writer = new PayloadWriter(bytes, scope);
            writer.WriteMemory((byte)ManagerAnswer.Result);
            codec.Write(ref writer, item);
            writer.Flush();
        }
        catch
        {
            scope.Withdraw();
            throw;
        }

        if (!scope.IsEmpty) Deadlines.Schedule(ArrivalTime, scope.Dispose);
        return bytes.WrittenSpan.ToArray();
    }

    protected static byte[] Failure(Exception error)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        var writer = new PayloadWriter(bytes);
        writer.WriteMemory((byte)ManagerAnswer.Error);
        RemoteError.Write(ref writer, error, []);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    protected static byte[] End { get; } = [(byte)ManagerAnswer.End];
}
