using System.Runtime.InteropServices;

namespace Procgen.Shared;

/// <summary>The first 64 bytes of every block; written once before the block is shown to anyone, but for the counter.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct BlockHeader
{
    /// <summary>"PrcgBlk1": also the layout's version.</summary>
    public const ulong ExpectedMagic = 0x31_6B_6C_42_67_63_72_50;

    /// <summary>Where <see cref="Attachments"/> is.</summary>
    public const int AttachmentsOffset = 32;

    public ulong Magic;
    public Guid Id;

    /// <summary>The bytes behind the header that are mapped at once.</summary>
    public long Size;

    /// <summary>How often a process has opened the block by a handle whose sender waits for that.</summary>
    public int Attachments;
}
