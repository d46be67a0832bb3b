using System.ComponentModel;
using Procgen.Calls;

namespace Procgen.CompilerServices;

/// <summary>What the runtime hands to a target beside its arguments.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Invocation
{
    private readonly IProgressSink? _progress;
    private readonly WorkerContext? _worker;

    internal Invocation(CancellationToken cancellationToken, WorkerContext? worker = null, IProgressSink? progress = null)
    {
        CancellationToken = cancellationToken;
        _worker = worker;
        _progress = progress;
    }

    /// <summary>Cancelled when the caller cancels.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The worker that runs the target.</summary>
    /// <exception cref="InvalidOperationException">The target runs in the calling process, by <c>InvokeAsync</c>.</exception>
    public WorkerContext Worker => _worker
        ?? throw new InvalidOperationException("This target takes a WorkerContext, so it runs in workers only; InvokeAsync runs it in the calling process.");

    /// <summary>The far end of the caller's <c>IProgress</c> argument number <paramref name="index"/>.</summary>
    public IProgress<T> Progress<T>(int index, Codec<T> codec)
    {
        _progress?.Use();
        return new RemoteProgress<T>(_progress, index, codec);
    }

    private sealed class RemoteProgress<T>(IProgressSink? sink, int index, Codec<T> codec) : IProgress<T>
    {
        public void Report(T value) => sink?.Report(index, codec, value);
    }
}
