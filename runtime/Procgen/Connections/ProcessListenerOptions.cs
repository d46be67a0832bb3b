using System.Net.Security;

namespace Procgen;

/// <summary>What a <see cref="ProcessListener"/> asks of those who connect. Copied when it is used.</summary>
public sealed class ProcessListenerOptions
{
    /// <summary>TLS, before the key is proved; null for none. For TCP.</summary>
    public SslServerAuthenticationOptions? Tls { get; set; }

    /// <summary>
    /// How many connections may be proving the key at a time, from 1; 64 by default. One more pushes the oldest out, so that
    /// idle strangers keep nobody out.
    /// </summary>
    public int MaxUnauthenticated { get; set; } = 64;

    /// <summary>How long proving the key may take, TLS included; 10 seconds by default.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest message, in bytes; 1 GiB by default. A connection that announces a longer one is closed: whoever receives gets
    /// what came before, and then an <see cref="InvalidDataException"/>.
    /// </summary>
    public int MaxMessageLength { get; set; } = 1 << 30;

    internal ProcessListenerOptions Copy()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnauthenticated, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageLength, 1);
        if (HandshakeTimeout != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandshakeTimeout, TimeSpan.Zero);
        return (ProcessListenerOptions)MemberwiseClone();
    }
}
