namespace Procgen.Managers;

/// <summary>Notices, while a call runs, that its client has given up: it ends the connection, or has died.</summary>
internal sealed class ClientWatch : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly IDisposable _registration;

    public ClientWatch(Connection connection)
    {
        Token = _gone.Token;
        // What is cancelled is the user's code: not on the thread that watches all connections.
        _registration = connection.Transport.WhenReadable(() => ThreadPool.UnsafeQueueUserWorkItem(static watch => watch.Cancel(), this, preferLocal: false));
    }

    public CancellationToken Token { get; }

    public void Dispose()
    {
        _registration.Dispose();
        _gone.Dispose();
    }

    private void Cancel()
    {
        try
        {
            _gone.Cancel();
        }
        catch (Exception error) when (error is ObjectDisposedException or AggregateException)
        {
            // The call has ended meanwhile; or what it had registered failed, which is for the call itself to tell.
        }
    }
}
