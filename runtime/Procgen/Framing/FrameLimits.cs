namespace Procgen.Framing;

/// <summary>The numbers both ends agree on.</summary>
internal static class FrameLimits
{
    /// <summary>Raised whenever a frame or its meaning changes: both ends must have the same.</summary>
    public const int ProtocolVersion = 2;

    /// <summary>Length and kind.</summary>
    public const int HeaderLength = 5;

    /// <summary>The longest body: what one array can hold, less a page for headers.</summary>
    public const int MaxBodyLength = 0x7FFF_EFC7;

    /// <summary>How many bytes of stream items may be on their way or waiting before the producer pauses.</summary>
    public const int StreamWindow = 1 << 20;
}
