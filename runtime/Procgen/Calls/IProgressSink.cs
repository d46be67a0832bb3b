using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>Carries progress values to the caller.</summary>
internal interface IProgressSink
{
    void Report<T>(int index, Codec<T> codec, T value);
}
