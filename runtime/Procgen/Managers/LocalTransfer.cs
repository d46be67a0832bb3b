using System.Buffers;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// Moves a conversation between processes of one machine from the stream on which both have proved the key to shared
/// memory, where a round trip costs a fraction. The client makes the pipe and sends the server its end.
/// </summary>
internal static class LocalTransfer
{
    /// <summary>The client's part: the connection that replaces <paramref name="stream"/>.</summary>
    public static Connection Request(Connection<byte[]> stream)
    {
        (Connection<byte[]> mine, Connection<byte[]> theirs) = ProcessPipe.Create<byte[]>();
        using (theirs)
        using (var scope = new HandleScope())
        {
            var message = new ArrayBufferWriter<byte>();
            var writer = new PayloadWriter(message, scope);
            writer.WriteHandle(theirs);
            writer.Flush();
            try
            {
                stream.SendBytes(message.WrittenSpan);
                _ = stream.ReceiveBytes();
                return mine;
            }
            catch (Exception error) when (error is EndOfStreamException or IOException)
            {
                mine.Dispose();
                throw new ConnectionLostException("The manager's server went away during the connection.", error);
            }
        }
    }

    /// <summary>The server's part: the connection to serve in the place of <paramref name="stream"/>; null where the client is gone.</summary>
    public static Connection? Accept(Connection<byte[]> stream)
    {
        Connection<byte[]> opened;
        try
        {
            var reader = new PayloadReader(stream.ReceiveBytes());
            opened = reader.ReadHandle<Connection<byte[]>>() ?? throw new InvalidDataException("The client sent no pipe.");
        }
        catch (Exception error) when (error is EndOfStreamException or IOException or ProcgenException or InvalidDataException)
        {
            return null;
        }

        try
        {
            stream.SendBytes([]);
        }
        catch (EndOfStreamException)
        {
            // A client that has gone has also let go of its end of the pipe: whoever serves it sees that at once.
        }

        return opened;
    }
}
