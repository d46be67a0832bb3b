using System.Net.Sockets;

namespace Procgen.Tests.Connections;

internal static class ListenerJobs
{
    /// <summary>Says how it went.</summary>
    [ProcessTarget]
    public static string Listen(string pipe, byte[] key)
    {
        try
        {
            new ProcessListener(new ProcessPipeEndPoint(pipe), key).Dispose();
            return "it listens";
        }
        catch (SocketException error)
        {
            return $"{error.SocketErrorCode}";
        }
    }
}
