namespace Procgen.Serialization;

/// <summary>On codecs whose values are written as their memory, so that many of them are one block.</summary>
internal interface IMemoryCodec
{
    /// <summary>False where a type argument's codec says otherwise.</summary>
    bool IsMemory => true;
}
