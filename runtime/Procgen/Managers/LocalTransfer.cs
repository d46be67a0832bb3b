using System.Buffers;
using Procgen.CompilerServices;
using Procgen.Connections;
using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// Moves a conversation between processes of one machine from the stream on which both have proved the key to shared
/// memory, where a round trip costs a fraction. The client makes the pipe and sends the server its end; the server sends the
/// bell to ring for whoever will serve it.
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
            try
            {
                var message = new ArrayBufferWriter<byte>();
                var writer = new PayloadWriter(message, scope);
                writer.WriteHandle(theirs);
                writer.Flush();
                stream.SendBytes(message.WrittenSpan);
                TakeBellFrom(stream.ReceiveBytes(), mine);
                return mine;
            }
            catch (Exception error) when (ManagerClient.IsLoss(error) || error is ConnectionLostException)
            {
                mine.Dispose();
                throw new ConnectionLostException("The manager's server went away during the connection.", error);
            }
            catch
            {
                mine.Dispose();
                throw;
            }
        }
    }

    /// <summary>Of a client's end of a pipe: what to ring for whoever serves it, from then on.</summary>
    public static void TakeBell(Connection pipe, ref PayloadReader message) => ((PipeTransport)pipe.Transport).GiveBell(PipeBell.Read(ref message));

    /// <summary>The server's part: the connection to serve in the place of <paramref name="stream"/>; null where the client is gone.</summary>
    public static Connection? Accept(Connection<byte[]> stream, PipeBell bell)
    {
        Connection<byte[]> opened;
        try
        {
            var reader = new PayloadReader(stream.ReceiveBytes());
            opened = reader.ReadHandle<Connection<byte[]>>() ?? throw new InvalidDataException("The client sent no pipe.");
        }
        catch (Exception)
        {
            // It has gone, or what it sent is no pipe, or one that is too large: that is the client's affair, in whatever way.
            return null;
        }

        try
        {
            var message = new ArrayBufferWriter<byte>();
            var writer = new PayloadWriter(message);
            bell.Write(ref writer);
            writer.Flush();
            stream.SendBytes(message.WrittenSpan);
        }
        catch (EndOfStreamException)
        {
            // A client that has gone has also let go of its end of the pipe: whoever serves it sees that at once.
        }
        catch (ObjectDisposedException)
        {
            // Nobody serves any more.
            opened.Dispose();
            return null;
        }

        return opened;
    }

    /// <summary>A server of another build may send none; it says so when it is greeted.</summary>
    private static void TakeBellFrom(byte[] message, Connection pipe)
    {
        if (message.Length == 0) return;
        var reader = new PayloadReader(message);
        TakeBell(pipe, ref reader);
    }
}
