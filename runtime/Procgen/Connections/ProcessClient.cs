using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Procgen.Calls;
using Procgen.Connections;
using Procgen.Launching;

namespace Procgen;

/// <summary>Connects to a <see cref="ProcessListener"/>. Python's <c>multiprocessing.connection.Client</c>.</summary>
public static class ProcessClient
{
    private const int MaxMessageLength = int.MaxValue - 64;

    /// <summary>Connects, and proves the key both ways.</summary>
    /// <typeparam name="T">What the messages are; the listener must name the same.</typeparam>
    /// <param name="endPoint">Where the listener is.</param>
    /// <param name="authKey">The key; by default <see cref="CurrentProcess.AuthKey"/>, which the processes of one family share.</param>
    /// <param name="options">Time limit and TLS.</param>
    /// <exception cref="AuthenticationException">One side does not know the other's key, or TLS refused a certificate.</exception>
    /// <exception cref="SocketException">Nobody listens there. At a pipe, a client waits until somebody does.</exception>
    /// <exception cref="PlatformNotSupportedException">On Unix, the name of a pipe has a slash in it and is no absolute path.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="ProcessClientOptions.ConnectTimeout"/>.</exception>
    public static Connection<T> Connect<T>(EndPoint endPoint, ReadOnlySpan<byte> authKey = default, ProcessClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        using var attempt = new ConnectAttempt((options ?? new ProcessClientOptions()).ConnectTimeout);
        Connection<T> connection = Connect<T>(endPoint, authKey, options?.Tls, attempt);
        return attempt.Succeed() ? connection : throw TookTooLong(endPoint, attempt, null);
    }

    /// <summary>As the public one, as part of an attempt that goes on: it guards the connection.</summary>
    internal static Connection<T> Connect<T>(EndPoint endPoint, ReadOnlySpan<byte> authKey, SslClientAuthenticationOptions? tls, ConnectAttempt attempt)
    {
        byte[] key = authKey.IsEmpty ? [.. FamilyMember.Current.AuthKey] : authKey.ToArray();
        try
        {
            Stream stream = ClientSocket.Open(endPoint, attempt);
            attempt.Guard(stream);
            if (tls is not null)
            {
                var secure = new SslStream(stream);
                attempt.Guard(secure);
                secure.AuthenticateAsClient(tls);
                stream = secure;
            }

            KeyProof.Connect(stream, key);
            var connection = new Connection<T>(new StreamTransport(stream, endPoint, MaxMessageLength));
            attempt.Guard(connection);
            return connection;
        }
        catch (Exception error) when (attempt.HasGivenUp && error is not AuthenticationException)
        {
            throw TookTooLong(endPoint, attempt, error);
        }
    }

    /// <inheritdoc cref="Connect{T}(EndPoint, ReadOnlySpan{byte}, ProcessClientOptions)"/>
    /// <param name="endPoint">Where the listener is.</param>
    /// <param name="authKey">The key; by default <see cref="CurrentProcess.AuthKey"/>, which the processes of one family share.</param>
    /// <param name="options">Time limit and TLS.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<Connection<T>> ConnectAsync<T>(
        EndPoint endPoint, ReadOnlyMemory<byte> authKey = default, ProcessClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);

        // A handshake is a few short messages; a thread of its own keeps it off the pool.
        return LateResult.MakeAsync(() => Connect<T>(endPoint, authKey.Span, options), cancellationToken);
    }

    private static TimeoutException TookTooLong(EndPoint endPoint, ConnectAttempt attempt, Exception? error) =>
        new($"Connecting to {endPoint} took longer than {attempt.Timeout}.", error);
}
