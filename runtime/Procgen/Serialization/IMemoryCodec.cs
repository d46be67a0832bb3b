namespace Procgen.Serialization;

/// <summary>On codecs whose values are written as their memory, so that many of them are one block.</summary>
internal interface IMemoryCodec
{
    /// <summary>False where a type argument's codec says otherwise.</summary>
    bool IsMemory => true;

    /// <summary>Where in a value's memory its bools are, which are 0 or 1: see <see cref="Flags"/>.</summary>
    int[] Flags { get; }
}
