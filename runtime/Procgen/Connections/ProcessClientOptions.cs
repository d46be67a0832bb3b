using System.Net.Security;

namespace Procgen;

/// <summary>How a client connects.</summary>
public sealed class ProcessClientOptions
{
    /// <summary>TLS, before the key is proved; null for none. For TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>How long connecting and proving the key may take; 30 seconds by default.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
