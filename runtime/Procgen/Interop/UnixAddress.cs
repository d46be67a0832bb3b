using System.Text;

namespace Procgen.Interop;

/// <summary>The path of a socket's file, as the system takes it (struct sockaddr_un).</summary>
internal static class UnixAddress
{
    /// <summary>Bytes that are enough for any.</summary>
    public const int MaxLength = 110;

    /// <returns>How many bytes it has.</returns>
    /// <exception cref="ArgumentException">The path is too long for a socket.</exception>
    public static int Write(string path, Span<byte> address)
    {
        bool mac = OperatingSystem.IsMacOS();
        int room = mac ? 104 : 108;
        int count = Encoding.UTF8.GetByteCount(path);
        if (count >= room) throw new ArgumentException($"A socket's path has at most {room - 1} bytes: '{path}'.", nameof(path));
        address.Clear();
        address[0] = mac ? (byte)(count + 2) : (byte)LibC.UnixDomain;
        address[1] = mac ? (byte)LibC.UnixDomain : (byte)0;
        if (!BitConverter.IsLittleEndian && !mac) (address[0], address[1]) = (address[1], address[0]);
        Encoding.UTF8.GetBytes(path, address[2..]);
        return count + 3;
    }

    /// <summary>For calls that take a path.</summary>
    public static byte[] Terminated(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }
}
