using System.Net.Sockets;
using System.Runtime.InteropServices;
using Procgen.Calls;

namespace Procgen.Connections;

/// <summary>
/// Closes a TCP connection whose other machine has gone while bytes were on their way there: Linux sends those again for a
/// quarter of an hour, and meanwhile no keepalive asks.
/// </summary>
/// <remarks>TCP_USER_TIMEOUT would also end a connection whose other end is there and does not read.</remarks>
internal static class TcpSilence
{
    private const int TcpLevel = 6;
    private const int InfoOption = 11;

    // In struct tcp_info: how often the oldest bytes were sent again, how many looks for space went unanswered, and
    // milliseconds since the last answer.
    private const int Retransmits = 2;
    private const int Probes = 3;
    private const int LastAnswer = 56;
    private const int InfoLength = 60;

    /// <summary>Looks after the connection until it is closed.</summary>
    /// <param name="socket">The connection's.</param>
    /// <param name="interval">How often to look.</param>
    /// <param name="limit">How long nothing may be answered.</param>
    public static void Watch(Socket socket, TimeSpan interval, TimeSpan limit) => Deadlines.Schedule(interval, () =>
    {
        try
        {
            if (IsGone(socket, limit)) socket.Dispose();
            else Watch(socket, interval, limit);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed.
        }
    });

    private static bool IsGone(Socket socket, TimeSpan limit)
    {
        Span<byte> info = stackalloc byte[InfoLength];
        if (socket.GetRawSocketOption(TcpLevel, InfoOption, info) < InfoLength) return false;

        // The first look for space may be on its way just now, long after the one before it was answered.
        bool isUnanswered = info[Retransmits] > 0 || info[Probes] > 1;
        return isUnanswered && MemoryMarshal.Read<uint>(info[LastAnswer..]) > limit.TotalMilliseconds;
    }
}
