using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// The ends of the pipes that a process and the server that it starts talk through first. They go with the server's call, so
/// that neither has to connect to the other and to prove a key that it has from the other.
/// </summary>
/// <param name="Presence">What the process is to the server: its first connection.</param>
/// <param name="Calls">Where it calls.</param>
internal sealed record StarterPipes(Connection<byte[]> Presence, Connection<byte[]> Calls) : IDisposable
{
    public static (StarterPipes Own, StarterPipes OfServer) Create()
    {
        (Connection<byte[]> presence, Connection<byte[]> presenceOfServer) = ProcessPipe.Create<byte[]>();
        try
        {
            (Connection<byte[]> calls, Connection<byte[]> callsOfServer) = ProcessPipe.Create<byte[]>();
            return (new StarterPipes(presence, calls), new StarterPipes(presenceOfServer, callsOfServer));
        }
        catch
        {
            presence.Dispose();
            presenceOfServer.Dispose();
            throw;
        }
    }

    public static StarterPipes Read(ref PayloadReader reader) => new(ReadEnd(ref reader), ReadEnd(ref reader));

    public void Write(ref PayloadWriter writer)
    {
        writer.WriteHandle(Presence);
        writer.WriteHandle(Calls);
    }

    public void Dispose()
    {
        Presence.Dispose();
        Calls.Dispose();
    }

    private static Connection<byte[]> ReadEnd(ref PayloadReader reader) =>
        reader.ReadHandle<Connection<byte[]>>() ?? throw new InvalidDataException("A manager's server is started without its pipes.");
}
