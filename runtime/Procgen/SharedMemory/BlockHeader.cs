using System.Runtime.InteropServices;

namespace Procgen.Shared;

/// <summary>The first bytes of every block; written once before the block is shown to anyone, but for the counters behind the fields.</summary>
[StructLayout(LayoutKind.Sequential, Size = OpeningsOffset + (HandleSender.Count * sizeof(int)))]
internal struct BlockHeader
{
    /// <summary>"PrcgBlk2": also the layout's version.</summary>
    public const ulong ExpectedMagic = 0x32_6B_6C_42_67_63_72_50;

    /// <summary>Where a counter for each <see cref="HandleSender"/> is: how often a process has opened the block by a handle of its.</summary>
    public const int OpeningsOffset = 64;

    public ulong Magic;
    public Guid Id;

    /// <summary>The bytes behind the header that are mapped at once.</summary>
    public long Size;
}
