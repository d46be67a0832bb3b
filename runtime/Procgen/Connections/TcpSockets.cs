using System.Net.Sockets;

namespace Procgen.Connections;

/// <summary>How both ends of a TCP connection are set.</summary>
internal static class TcpSockets
{
    /// <summary>
    /// Sends small messages at once, and notices within about a minute that the other machine is gone without a word: what
    /// it held would be held for ever.
    /// </summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux()) TcpSilence.Watch(socket, interval: TimeSpan.FromSeconds(10), limit: TimeSpan.FromSeconds(60));
    }
}
