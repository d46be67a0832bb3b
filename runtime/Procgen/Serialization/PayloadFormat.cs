namespace Procgen.Serialization;

/// <summary>The codes and limits of the payload format, which is MemoryPack's, byte for byte.</summary>
internal static class PayloadFormat
{
    /// <summary>An object that is null, where the member count would stand; also an absent <c>Nullable</c> with references.</summary>
    public const byte Null = 0xFF;

    /// <summary>A union tag of 16 bits follows; in a type with preserved references, the id of an object seen before.</summary>
    public const byte Wide = 0xFA;

    /// <summary>The most members an object can have: higher counts are codes.</summary>
    public const byte MaxMembers = 249;

    /// <summary>A collection or string that is null, where the length would stand.</summary>
    public const int NullCollection = -1;

    /// <summary>How deep objects may lie in each other, on writing and on reading.</summary>
    public const int MaxDepth = 1000;
}
