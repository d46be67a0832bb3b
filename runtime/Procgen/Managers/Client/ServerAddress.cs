using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Procgen.CompilerServices;
using Procgen.Connections;

namespace Procgen.Managers;

/// <summary>Where a manager's server listens, and what proves that one may call.</summary>
internal sealed class ServerAddress(EndPoint endPoint, byte[] key, ProcessClientOptions? options)
{
    /// <summary>What the server showed to whoever connected by these options, which cannot be handed on themselves.</summary>
    private byte[]? _certificate;

    /// <summary>Of a server that this process starts, with the certificate that it gives it.</summary>
    public ServerAddress(EndPoint endPoint, byte[] key, X509Certificate2? certificate)
        : this(endPoint, key, certificate is null ? null : CertificatePin.Options(certificate.RawData, certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)))
        => _certificate = certificate?.RawData;

    public EndPoint EndPoint { get; } = endPoint;

    /// <summary>A connection that is to be open within the time that the options give it.</summary>
    public ConnectAttempt BeginConnecting() => new((options ?? new ProcessClientOptions()).ConnectTimeout);

    /// <summary>Opens a connection: authenticated, and through shared memory where the server is on this machine.</summary>
    /// <param name="attempt">Guards it; it has not succeeded yet.</param>
    /// <exception cref="ConnectionLostException">Nobody listens there, or the attempt was given up.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The key is wrong.</exception>
    public Connection Connect(ConnectAttempt attempt)
    {
        Connection<byte[]> stream;
        try
        {
            stream = ProcessClient.Connect<byte[]>(EndPoint, key, options?.Tls, attempt);
        }
        catch (Exception error) when (error is SocketException or IOException or TimeoutException)
        {
            string hint = options?.Tls is null && error is not SocketException ? " (Where the manager has Tls, so must its clients: see ProcessClientOptions.)" : "";
            throw new ConnectionLostException($"No manager answers at {EndPoint}: {error.Message}{hint}", error);
        }

        _certificate = stream.Transport.PeerCertificate;
        if (EndPoint is not (UnixDomainSocketEndPoint or ProcessPipeEndPoint)) return stream;
        using (stream)
        {
            Connection local = LocalTransfer.Request(stream);
            attempt.Guard(local);
            return local;
        }
    }

    public static ServerAddress Read(ref PayloadReader reader)
    {
        EndPoint endPoint = EndPoints.Read(ref reader);
        byte[] key = Codecs.Get<byte[]>().Read(ref reader);
        byte[]? certificate = Codecs.Get<byte[]>().Read(ref reader);
        return new ServerAddress(endPoint, key, certificate is null ? (ProcessClientOptions?)null : CertificatePin.Options(certificate));
    }

    /// <summary>
    /// Whoever gets a proxy trusts the certificate that this process has found good, and no other: its own reasons, callbacks
    /// among them, cannot cross.
    /// </summary>
    public void Write(ref PayloadWriter writer)
    {
        EndPoints.Write(ref writer, EndPoint);
        Codecs.Get<byte[]>().Write(ref writer, key);
        Codecs.Get<byte[]>().Write(ref writer, _certificate!);
    }
}
