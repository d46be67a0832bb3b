using System.Net.Security;

namespace Procgen.Managers;

/// <summary>TLS with one server whose certificate is known: trusting exactly that one, whoever has signed it.</summary>
internal static class CertificatePin
{
    /// <param name="certificate">The certificate, DER-encoded.</param>
    /// <param name="targetHost">The name to ask for; empty for none.</param>
    public static ProcessClientOptions Options(byte[] certificate, string targetHost = "") => new()
    {
        Tls = new SslClientAuthenticationOptions
        {
            TargetHost = targetHost,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(certificate),
        },
    };
}
