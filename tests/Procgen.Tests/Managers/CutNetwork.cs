using System.Net;
using System.Net.Sockets;

namespace Procgen.Tests.Managers;

/// <summary>A network between clients and a server, which can be cut and is whole again at once: both live on, and their connections do not.</summary>
internal sealed class CutNetwork : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _connections = [];
    private readonly IPEndPoint _server;

    public CutNetwork(IPEndPoint server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAllAsync();
    }

    /// <summary>Where clients connect.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        lock (_connections)
        {
            foreach (TcpClient connection in _connections) connection.Dispose();
            _connections.Clear();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                TcpClient near = await _listener.AcceptTcpClientAsync().ConfigureAwait(false);
                var far = new TcpClient();
                lock (_connections) _connections.AddRange([near, far]);
                await far.ConnectAsync(_server).ConfigureAwait(false);
                _ = PassOnAsync(near, far);
                _ = PassOnAsync(far, near);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task PassOnAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream()).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }

        to.Dispose();
    }
}
