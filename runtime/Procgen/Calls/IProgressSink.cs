using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>Carries progress values to the caller.</summary>
internal interface IProgressSink
{
    /// <summary>A target has got hold of it and may report at any time, also after its end.</summary>
    void Use()
    {
    }

    void Report<T>(int index, Codec<T> codec, T value);
}
