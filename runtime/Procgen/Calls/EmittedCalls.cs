using System.ComponentModel;
using Procgen.Calls;

namespace Procgen.CompilerServices;

/// <summary>What generated calls of synchronous <c>void</c> targets derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SyncCall(CallTarget target) : ProcessCall(target)
{
    /// <summary>Calls the target.</summary>
    protected internal abstract void Invoke(Invocation invocation);

    internal override Task InvokeHereAsync(Invocation invocation)
    {
        try
        {
            Invoke(invocation);
            return Task.CompletedTask;
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }

    internal override ValueTask ExecuteAsync(Invocation invocation, IResultSink sink)
    {
        Invoke(invocation);
        return default;
    }
}

/// <summary>What generated calls of <c>Task</c> and <c>ValueTask</c> targets derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class AsyncCall(CallTarget target) : ProcessCall(target)
{
    /// <summary>Calls the target.</summary>
    protected internal abstract ValueTask InvokeAsync(Invocation invocation);

    internal override async Task InvokeHereAsync(Invocation invocation) => await InvokeAsync(invocation).ConfigureAwait(false);

    internal override ValueTask ExecuteAsync(Invocation invocation, IResultSink sink) => InvokeAsync(invocation);
}

/// <summary>What generated calls of synchronous targets with a result derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SyncCall<TResult>(CallTarget<TResult> target) : ProcessCall<TResult>(target)
{
    /// <summary>Calls the target.</summary>
    protected internal abstract TResult Invoke(Invocation invocation);

    internal override Task<TResult> InvokeResultHereAsync(Invocation invocation)
    {
        try
        {
            return Task.FromResult(Invoke(invocation));
        }
        catch (Exception error)
        {
            return Task.FromException<TResult>(error);
        }
    }

    internal override ValueTask ExecuteAsync(Invocation invocation, IResultSink sink)
    {
        sink.Result(Target.Result, Invoke(invocation));
        return default;
    }
}

/// <summary>What generated calls of <c>Task&lt;T&gt;</c> and <c>ValueTask&lt;T&gt;</c> targets derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class AsyncCall<TResult>(CallTarget<TResult> target) : ProcessCall<TResult>(target)
{
    /// <summary>Calls the target.</summary>
    protected internal abstract ValueTask<TResult> InvokeAsync(Invocation invocation);

    internal override async Task<TResult> InvokeResultHereAsync(Invocation invocation) => await InvokeAsync(invocation).ConfigureAwait(false);

    internal override async ValueTask ExecuteAsync(Invocation invocation, IResultSink sink) =>
        sink.Result(Target.Result, await InvokeAsync(invocation).ConfigureAwait(false));
}

/// <summary>What generated streams of <see cref="IEnumerable{T}"/> targets derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SyncStream<TItem>(StreamTarget<TItem> target) : ProcessStream<TItem>(target)
{
    /// <summary>Calls the target.</summary>
    protected internal abstract IEnumerable<TItem> Invoke(Invocation invocation);

    internal override ValueTask ExecuteAsync(Invocation invocation, IResultSink sink)
    {
        // Enumerated on the thread that called, as any synchronous target: an iterator may rely on it.
        foreach (TItem item in Invoke(invocation) ?? throw StreamErrors.Missing(Target))
        {
            ValueTask sent = sink.ItemAsync(Target.Item, item, invocation.CancellationToken);
            if (!sent.IsCompletedSuccessfully) sent.AsTask().GetAwaiter().GetResult();
        }

        return default;
    }
}

/// <summary>What generated streams of <see cref="IAsyncEnumerable{T}"/> targets derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class AsyncStream<TItem>(StreamTarget<TItem> target) : ProcessStream<TItem>(target)
{
    /// <summary>Calls the target.</summary>
    protected internal abstract IAsyncEnumerable<TItem> Invoke(Invocation invocation);

    internal override async ValueTask ExecuteAsync(Invocation invocation, IResultSink sink)
    {
        CancellationToken cancellation = invocation.CancellationToken;
        await foreach (TItem item in (Invoke(invocation) ?? throw StreamErrors.Missing(Target)).WithCancellation(cancellation).ConfigureAwait(false))
            await sink.ItemAsync(Target.Item, item, cancellation).ConfigureAwait(false);
    }
}
