using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Procgen.CompilerServices;
using Procgen.Connections;
using Procgen.Launching;
using System.Net;
using System.Security.Authentication;

namespace Procgen.Managers;

/// <summary>
/// The call that makes a process a manager's server. Written by hand in the shape that the generator emits: the library is
/// not built with its own generator.
/// </summary>
internal sealed class ManagerServerCall(EndPoint endPoint, byte[] key, byte[]? certificate, ProcessCall? initializer, StarterPipes pipes, IProgress<byte[]>? started)
    : SyncCall(Target)
{
    /// <summary>How long objects that are left may take to be disposed, all together.</summary>
    public static readonly TimeSpan DisposalTime = TimeSpan.FromSeconds(10);

    public const ulong Id = 0x6d61_6e61_6765_7201; // "manager", 1

    public static new readonly CallTarget Target = new(Id, "ProcessManager", typeof(ManagerServerCall), Read);

    protected internal override void WriteArguments(ref PayloadWriter writer)
    {
        EndPoints.Write(ref writer, endPoint);
        Codecs.Get<byte[]>().Write(ref writer, key);
        Codecs.Get<byte[]>().Write(ref writer, certificate!);
        writer.WriteHandle(initializer);
        pipes.Write(ref writer);
    }

    protected internal override void ReportProgress(int index, ref PayloadReader reader) => started?.Report(Codecs.Get<byte[]>().Read(ref reader));

    /// <summary>Serves until it is told to stop, or this process's parent is gone.</summary>
    protected internal override void Invoke(Invocation invocation)
    {
        using var stop = new ManualResetEventSlim();
        using ProcessListener listener = Listen(invocation.CancellationToken);

        // Where MaxStackSize has given the target a thread of its own that has no effect: the kernel kills this process, and the file stays.
        if (SocketFile.Of(listener.LocalEndPoint) is not null) ProcessSetup.EndAfterParent();
        var server = new ManagerServer(stop.Set);
        try
        {
            new Thread(() => AcceptAll(listener, server), 256 * 1024) { IsBackground = true, Name = "Procgen manager" }.UnsafeStart();
            invocation.Progress(0, Codecs.Get<byte[]>()).Report(Answer(listener.LocalEndPoint, server));
            stop.Wait(invocation.CancellationToken);
        }
        finally
        {
            server.End(DisposalTime);
        }
    }

    /// <summary>Listens, once the initializer has run.</summary>
    private ProcessListener Listen(CancellationToken cancellationToken)
    {
        try
        {
            initializer?.InvokeAsync(cancellationToken).GetAwaiter().GetResult();
            return new ProcessListener(endPoint, key, new ProcessListenerOptions { Tls = TlsOptions() });
        }
        catch
        {
            pipes.Dispose(); // No server will have them.
            throw;
        }
    }

    private static ManagerServerCall Read(ref PayloadReader reader)
    {
        EndPoint endPoint = EndPoints.Read(ref reader);
        byte[] key = Codecs.Get<byte[]>().Read(ref reader);
        byte[]? certificate = Codecs.Get<byte[]>().Read(ref reader);
        return new ManagerServerCall(endPoint, key, certificate, reader.ReadHandle<ProcessCall>(), StarterPipes.Read(ref reader), null);
    }

    /// <summary>Where it listens, in which file, and what its starter rings for the pipes that are served from now on.</summary>
    private byte[] Answer(EndPoint listens, ManagerServer server)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new PayloadWriter(bytes);
        EndPoints.Write(ref writer, listens);
        writer.WriteString(SocketFile.Of(listens));
        server.Serve(pipes.Presence, ref writer);
        server.Serve(pipes.Calls, ref writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void AcceptAll(ProcessListener listener, ManagerServer server)
    {
        while (true)
        {
            Connection<byte[]>? stream = null;
            try
            {
                stream = listener.Accept<byte[]>();
                // Members of users' classes run there, and get an ordinary stack.
                Connection<byte[]> accepted = stream;
                new Thread(() => Serve(accepted, server)) { IsBackground = true, Name = "Procgen manager connection" }.UnsafeStart();
            }
            catch (AuthenticationException)
            {
                // Refused and told so; others are not kept waiting.
            }
            catch (OutOfMemoryException)
            {
                // No further thread can be made now; one later.
                stream?.Dispose();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static void Serve(Connection<byte[]> stream, ManagerServer server)
    {
        if (stream.RemoteEndPoint is IPEndPoint)
        {
            server.ServeHere(stream);
            return;
        }

        using (stream)
        {
            server.Serve(stream);
        }
    }

    private SslServerAuthenticationOptions? TlsOptions() => certificate is null ? null : new SslServerAuthenticationOptions
    {
        ServerCertificate = LoadCertificate(certificate),
    };

    private static X509Certificate2 LoadCertificate(byte[] pkcs12)
    {
#if NET9_0_OR_GREATER
        return X509CertificateLoader.LoadPkcs12(pkcs12, null);
#else
        return new X509Certificate2(pkcs12);
#endif
    }
}
