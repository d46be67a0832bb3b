using System.Net;
using System.Net.Sockets;
using Procgen.CompilerServices;
using Procgen.Interop;

namespace Procgen.Connections;

/// <summary>Addresses as bytes: the closed list of kinds that listeners and clients know.</summary>
internal static class EndPoints
{
    private const byte Pipe = 1;
    private const byte Unix = 2;
    private const byte Ip = 3;
    private const byte Dns = 4;

    /// <summary>A fresh address on this machine that leaves no file behind where the system has such.</summary>
    public static EndPoint NewLocal()
    {
        Span<byte> bits = stackalloc byte[16];
        RandomBits.Fill(bits);
        string name = $"procgen-{Convert.ToHexString(bits)}";
        if (OperatingSystem.IsWindows()) return new ProcessPipeEndPoint(name);
        return new UnixDomainSocketEndPoint(OperatingSystem.IsLinux() ? "\0" + name : Path.Combine(Path.GetTempPath(), name));
    }

    public static void Write(ref PayloadWriter writer, EndPoint endPoint)
    {
        switch (endPoint)
        {
            case ProcessPipeEndPoint pipe:
                writer.WriteMemory(Pipe);
                writer.WriteString(pipe.PipeName);
                break;
            case UnixDomainSocketEndPoint socket:
                writer.WriteMemory(Unix);
                writer.WriteString(PathOf(socket));
                break;
            case IPEndPoint ip:
                writer.WriteMemory(Ip);
                writer.WriteString(ip.Address.ToString());
                writer.WriteMemory(ip.Port);
                break;
            case DnsEndPoint dns:
                writer.WriteMemory(Dns);
                writer.WriteString(dns.Host);
                writer.WriteMemory(dns.Port);
                break;
            default:
                throw new ArgumentException($"An address of type {endPoint.GetType().Name} is not supported: use a ProcessPipeEndPoint, UnixDomainSocketEndPoint, IPEndPoint or DnsEndPoint.");
        }
    }

    public static EndPoint Read(ref PayloadReader reader)
    {
        byte kind = reader.ReadMemory<byte>();
        string text = reader.ReadString() ?? "";
        return kind switch
        {
            Pipe => new ProcessPipeEndPoint(text),
            Unix => new UnixDomainSocketEndPoint(text),
            Ip when IPAddress.TryParse(text, out IPAddress? address) => new IPEndPoint(address, ReadPort(ref reader)),
            Dns => new DnsEndPoint(text, ReadPort(ref reader)),
            _ => throw new ProcessSerializationException($"an address of kind {kind} is unknown"),
        };
    }

    /// <summary>The socket's path; ToString shows an abstract one with an @ for its first, null character.</summary>
    private static string PathOf(UnixDomainSocketEndPoint socket)
    {
        string path = socket.ToString();
        return path.StartsWith('@') ? "\0" + path[1..] : path;
    }

    private static int ReadPort(ref PayloadReader reader)
    {
        int port = reader.ReadMemory<int>();
        return port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort ? port : throw new ProcessSerializationException($"{port} is no port");
    }
}
