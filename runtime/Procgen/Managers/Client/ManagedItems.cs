using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// The items of a member in the server, each time it is enumerated over a connection of its own; ending the connection is
/// what tells the server that nobody listens any more.
/// </summary>
/// <param name="proxy">Stands for the object.</param>
/// <param name="call">The member.</param>
/// <param name="token">Given with the call; that of an enumeration comes beside it.</param>
internal sealed class ManagedItems<TItem>(ManagedObjectProxy proxy, ManagedStream<TItem> call, CancellationToken token) : IAsyncEnumerable<TItem>
{
    /// <summary>Opens the stream: what an event is raised with after this returns will come.</summary>
    public IAsyncEnumerator<TItem> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (!cancellationToken.CanBeCanceled) return new Reader(proxy, call, null, token);
        if (!token.CanBeCanceled) return new Reader(proxy, call, null, cancellationToken);
        CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(token, cancellationToken);
        return new Reader(proxy, call, both, both.Token);
    }

    private sealed class Reader : IAsyncEnumerator<TItem>
    {
        private readonly ManagedObjectProxy _proxy;
        private readonly ManagedStream<TItem> _call;
        private readonly CancellationToken _cancellationToken;
        private readonly CancellationTokenSource? _linked;
        private readonly Connection _connection;
        private int _isClosed;

        public Reader(ManagedObjectProxy proxy, ManagedStream<TItem> call, CancellationTokenSource? linked, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _proxy = proxy;
            _call = call;
            _cancellationToken = cancellationToken;
            _linked = linked;
            Current = default!;
            using ManagerRequest request = proxy.Encode(call);

            // The object lives while it is listened to, also when the proxy is disposed meanwhile.
            proxy.Client.Held.Hold(proxy.ObjectId);
            try
            {
                _connection = proxy.Client.RentFor(request, cancellationToken);
            }
            catch
            {
                proxy.Client.Held.LetGo(proxy.ObjectId);
                throw;
            }

            try
            {
                _connection.SendBytes(request.Body.Span, cancellationToken);
                proxy.Client.ReadAnswer(_connection.ReceiveBytes(cancellationToken));
            }
            catch (Exception error)
            {
                Close();
                if (ManagerClient.IsLoss(error)) throw proxy.Client.Lost(error);
                throw;
            }
        }

        public TItem Current { get; private set; }

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_isClosed != 0) return false;
            byte[] message;
            try
            {
                message = await _connection.ReceiveBytesAsync(null, _cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                bool wasClosed = _isClosed != 0;
                Close();
                if (wasClosed && error is ObjectDisposedException) return false;
                if (ManagerClient.IsLoss(error)) throw _proxy.Client.Lost(error);
                throw;
            }

            if (message[0] == (byte)ManagerAnswer.End)
            {
                Close();
                return false;
            }

            Current = Read(message);
            return true;
        }

        public ValueTask DisposeAsync()
        {
            Close();
            return default;
        }

        private TItem Read(byte[] message)
        {
            try
            {
                PayloadReader reader = _proxy.Client.ReadAnswer(message);
                return _call.Result.Read(ref reader);
            }
            catch
            {
                Close();
                throw;
            }
        }

        private void Close()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
            _proxy.Client.Drop(_connection);
            _linked?.Dispose();
            _proxy.Client.Held.LetGo(_proxy.ObjectId);
        }
    }
}
