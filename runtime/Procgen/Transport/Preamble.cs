using System.Buffers.Binary;
using Procgen.Framing;

namespace Procgen.Transport;

/// <summary>
/// What each end of a launch pipe shows the other before the first frame: magic, protocol version, the build of this
/// library, and the secret that the parent chose for this one child.
/// </summary>
/// <remarks>
/// The secrets are compared in constant time and never hashed: loading a cryptography library costs a third of a start.
/// A stranger learns nothing: an end that is shown the wrong bytes closes without an answer.
/// </remarks>
internal static class Preamble
{
    public const int Length = 40;
    private const uint Magic = 0x4E47_5250; // "PRGN"

    // Read once: each time costs a twentieth of a native worker's start.
    private static readonly Guid Build = typeof(Preamble).Module.ModuleVersionId;

    public static void Write(Span<byte> destination, Secret secret)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], FrameLimits.ProtocolVersion);
        secret.Write(destination[8..]);
        Build.TryWriteBytes(destination[24..]);
    }

    /// <summary>Null if these are the bytes that the right peer shows, else what is wrong with them.</summary>
    public static string? Refuse(ReadOnlySpan<byte> shown, Secret secret)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(shown) != Magic) return "the first bytes are not a Procgen handshake";
        if (!Secret.Read(shown[8..]).IsShownBy(secret)) return "the secret is wrong";
        int version = BinaryPrimitives.ReadInt32LittleEndian(shown[4..]);
        if (version != FrameLimits.ProtocolVersion) return WrongVersion(version);
        return new Guid(shown.Slice(24, 16)) == Build ? null : "it runs another build of Procgen.dll";
    }

    private static string WrongVersion(int version) => $"it speaks protocol version {version}, this process version {FrameLimits.ProtocolVersion}";
}
