using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>Where a running target's results go: the frames of a link, in a worker.</summary>
internal interface IResultSink
{
    /// <summary>The target of a call returned this.</summary>
    void Result<T>(Codec<T> codec, T value);

    /// <summary>A stream's next item; returns, or completes, when the reader has room for another.</summary>
    ValueTask ItemAsync<T>(Codec<T> codec, T value, CancellationToken cancellationToken);
}
