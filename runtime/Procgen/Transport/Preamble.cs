using System.Buffers.Binary;
using System.Runtime.CompilerServices;
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

    private static Guid Build => typeof(Preamble).Module.ModuleVersionId;

    public static void Write(Span<byte> destination, UInt128 secret)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], FrameLimits.ProtocolVersion);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[8..], secret);
        Build.TryWriteBytes(destination[24..]);
    }

    /// <summary>Null if these are the bytes that the right peer shows, else what is wrong with them.</summary>
    public static string? Refuse(ReadOnlySpan<byte> shown, UInt128 secret)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(shown) != Magic) return "the first bytes are not a Procgen handshake";
        if (!AreEqual(BinaryPrimitives.ReadUInt128LittleEndian(shown[8..]), secret)) return "the secret is wrong";
        int version = BinaryPrimitives.ReadInt32LittleEndian(shown[4..]);
        if (version != FrameLimits.ProtocolVersion)
            return $"it speaks protocol version {version}, this process version {FrameLimits.ProtocolVersion}";
        return new Guid(shown.Slice(24, 16)) == Build ? null : "it runs another build of Procgen.dll";
    }

    /// <summary>Takes as long for a first wrong bit as for a last one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static bool AreEqual(UInt128 left, UInt128 right)
    {
        UInt128 difference = left ^ right;
        return ((ulong)difference | (ulong)(difference >> 64)) == 0;
    }
}
