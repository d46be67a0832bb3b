using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Procgen.CompilerServices;
using Procgen.Connections;

namespace Procgen.Managers;

/// <summary>Starts a server process, waits until it listens, and connects to it.</summary>
internal static class ManagerStarter
{
    public static ProcessManager Start(ProcessManagerOptions options, Func<ManagerClient, ChildProcess, ProcessManager> create, CancellationToken cancellationToken)
    {
        // A server on a thread of this process finds its target here, also where the executable has no generated code.
        BuiltInTargets.Register();
        byte[] key = options.AuthKey.IsEmpty ? CurrentProcess.AuthKey.ToArray() : options.AuthKey.ToArray();
        X509Certificate2? certificate = CertificateOf(options.Tls);
        byte[]? pkcs12 = certificate?.Export(X509ContentType.Pkcs12);
        var started = new Started();
        (StarterPipes own, StarterPipes ofServer) = StarterPipes.Create();
        ChildProcess? server = null;
        try
        {
            EndPoint endPoint = options.EndPoint ?? EndPoints.NewLocal();
            var call = new ManagerServerCall(endPoint, key, pkcs12, options.Initializer, ofServer, started);
            server = new ChildProcess(call, options) { Daemon = options.Daemon ?? true };
            server.Start();
            string? file = SocketFile.Of(endPoint); // Here; the server, which may have another folder, says where it is there.
            server.Life.Started.Process.OnEnd(() =>
            {
                if (file is not null) SocketFile.DeleteIfAbandoned(file);
            });

            // The server listens only when its initializer has ended, and that may be never.
            using (cancellationToken.UnsafeRegister(static started => ((ManualResetEvent)started!).Set(), started.Event))
                WaitHandle.WaitAny([started.Event, server.Sentinel]);
            cancellationToken.ThrowIfCancellationRequested();
            if (started.Answer is not byte[] bytes)
            {
                server.Completion.GetAwaiter().GetResult();
                throw new ConnectionLostException("The manager's server ended before it listened.");
            }

            ofServer.Dispose(); // It has its own by now. As long as they were open here, its end would not be seen.
            var reader = new PayloadReader(bytes);
            var address = new ServerAddress(EndPoints.Read(ref reader), key, certificate);
            file = reader.ReadString();
            LocalTransfer.TakeBell(own.Presence, ref reader);
            LocalTransfer.TakeBell(own.Calls, ref reader);
            return create(ManagerClient.Begin(address, own), server);
        }
        catch
        {
            ofServer.Dispose();
            own.Dispose();
            server?.Dispose();
            throw;
        }
    }

    private static X509Certificate2? CertificateOf(SslServerAuthenticationOptions? tls)
    {
        if (tls is null) return null;
        if (tls.ClientCertificateRequired || tls.RemoteCertificateValidationCallback is not null || tls.CertificateChainPolicy is not null
            || tls.EnabledSslProtocols != SslProtocols.None || tls.CertificateRevocationCheckMode != X509RevocationMode.NoCheck || tls.CipherSuitesPolicy is not null
            || tls.ServerCertificateSelectionCallback is not null || tls.ServerCertificateContext is not null)
            throw new ArgumentException("Of Tls only the ServerCertificate is handed to the server process: what it demands of clients and protocols beyond that would be lost.", nameof(tls));
        if (tls.ServerCertificate is X509Certificate2 { HasPrivateKey: true } certificate) return certificate;
        throw new ArgumentException("Tls needs a ServerCertificate with its private key: callbacks and contexts cannot be handed to the server process.", nameof(tls));
    }

    private sealed class Started : IProgress<byte[]>
    {
        public ManualResetEvent Event { get; } = new(false);

        public byte[]? Answer { get; private set; }

        public void Report(byte[] value)
        {
            Answer = value;
            Event.Set();
        }
    }
}
