namespace Procgen.Calls;

/// <summary>Makes what waits for another process to be made.</summary>
internal static class LateResult
{
    /// <summary>Makes it on a thread of its own, off the pool. Who gives up meanwhile leaves nothing open.</summary>
    /// <param name="make">Makes it, blocking.</param>
    /// <param name="cancellationToken">Ends the wait: what is made after that is disposed.</param>
    public static async Task<T> MakeAsync<T>(Func<T> make, CancellationToken cancellationToken)
        where T : IDisposable
    {
        Task<T> making = Task.Factory.StartNew(make, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await making.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = making.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }
}
