using System.Net;
using System.Net.Security;

namespace Procgen;

/// <summary>How a manager's server is started and reached.</summary>
public class ProcessManagerOptions : ProcessOptions
{
    /// <summary>
    /// Where it listens: a <see cref="ProcessPipeEndPoint"/>, a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/> or an
    /// <see cref="IPEndPoint"/> (port 0 for a free one). By default a fresh address on this machine.
    /// </summary>
    public EndPoint? EndPoint { get; set; }

    /// <summary>The key that clients must know; by default <see cref="CurrentProcess.AuthKey"/>.</summary>
    public ReadOnlyMemory<byte> AuthKey { get; set; }

    /// <summary>Runs in the server before it serves. Python's <c>initializer</c>.</summary>
    public ProcessCall? Initializer { get; set; }

    /// <summary>
    /// TLS for TCP. The ServerCertificate, whose private key must be exportable, is handed to the server, and nothing else:
    /// starting with callbacks, a context, demands on the clients' certificates or on protocols is an ArgumentException.
    /// </summary>
    public SslServerAuthenticationOptions? Tls { get; set; }
}
