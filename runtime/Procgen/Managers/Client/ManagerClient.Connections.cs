using System.Collections.Concurrent;
using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>The connections of a client, and how it learns that the server is gone, or has taken this process for gone.</summary>
internal sealed partial class ManagerClient
{
    /// <summary>How long a server that ends may take to close one connection after the other.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromMilliseconds(100);

    /// <summary>What a server may take for what it does at once, where nobody wants to wait any longer: then it is stopped, or hangs.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>How often is looked whether somebody still wants to wait for a server that has not answered for that long.</summary>
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentStack<Connection> _idle = new();

    // The first connection is never used for calls: to the server it is this process. Nothing comes over it but its end,
    // and the answer to a farewell.
    private readonly Connection _presence;
    private readonly object _opening = new();
    private WaitChannel? _waits;
    private volatile bool _hasLostConnection;
    private volatile bool _isLost;

    /// <summary>Whether it is only this process that takes the server for gone: see <see cref="GiveUp"/>.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Where this process waits for the server; opened when it does so for the first time, and again where it broke.</summary>
    /// <exception cref="ConnectionLostException">The server is gone.</exception>
    public WaitChannel Waits
    {
        get
        {
            lock (_opening)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(ProcessManager));
                if (_isLost) throw Lost();
                if (_waits is { IsLost: false } open) return open;
                return _waits = new WaitChannel(OpenAnother(), Lost, GiveUp);
            }
        }
    }

    /// <summary>Whether an error says that the connection, or the other end of it, is gone.</summary>
    public static bool IsLoss(Exception error) => error is EndOfStreamException or IOException or ObjectDisposedException;

    /// <summary>
    /// Whether the first connection has ended: the server has, or takes this process for gone, and holds nothing for it any
    /// more. Then it stays so, and whoever connects again gets another client.
    /// </summary>
    private bool IsLost
    {
        get
        {
            if (_isLost || _isDisposed) return true;
            try
            {
                if (_hasSaidFarewell || !_presence.Poll(_hasLostConnection ? ClosingTime : TimeSpan.Zero))
                {
                    _hasLostConnection = false;
                    return false;
                }
            }
            catch (ObjectDisposedException)
            {
                // Another thread has found the server gone meanwhile, or given it up.
            }

            BeLost();
            return true;
        }
    }

    /// <summary>
    /// The server has not answered, and is gone for this process from now on. When it goes on it finds that this process is gone,
    /// and gives to others what it held or was about to get.
    /// </summary>
    public void GiveUp()
    {
        HasGivenUp = true;
        BeLost();
    }

    /// <summary>Waits until there is something to receive.</summary>
    /// <exception cref="ConnectionLostException">Nothing came, and nobody wants to wait any longer.</exception>
    private void AwaitAnswer(Connection connection, Deadline deadline, CancellationToken cancellationToken)
    {
        if (connection.Poll(AnswerTime)) return;
        while (!connection.Poll(LookTime))
        {
            if (!deadline.HasPassed && !cancellationToken.IsCancellationRequested) continue;
            GiveUp();
            throw Lost();
        }
    }

    private void BeLost()
    {
        _isLost = true;
        Open.TryRemove(KeyValuePair.Create(ServerId, this));
        while (_idle.TryPop(out Connection? connection)) connection.Dispose();
        _waits?.Dispose();
        _presence.Dispose();
    }

    /// <summary>An idle connection, or a new one: for one exchange at a time.</summary>
    /// <exception cref="ConnectionLostException">The server is gone.</exception>
    public Connection Rent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(ProcessManager));
        if (_isLost) throw Lost();
        return _idle.TryPop(out Connection? idle) ? idle : OpenAnother();
    }

    /// <summary>As <see cref="Rent"/>; where there is none, the request is withdrawn.</summary>
    public Connection RentFor(ManagerRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Rent();
        }
        catch
        {
            request.Withdraw();
            throw;
        }
    }

    private Connection OpenAnother()
    {
        // Where nobody listens any more, connecting may take until its time is up.
        if (IsLost) throw Lost();
        Connection connection = _address.Connect();
        try
        {
            Greet(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Gives back a connection on which every request has been answered.</summary>
    public void Return(Connection connection)
    {
        if (_isDisposed || _isLost) connection.Dispose();
        else _idle.Push(connection);
    }

    private Guid Greet(Connection connection)
    {
        using ManagerRequest hello = ManagerRequest.Create(ManagerOp.Hello)
            .Add(typeof(ManagerClient).Module.ModuleVersionId)
            .Add(_session)
            .Add(CurrentProcess.Name)
            .Add(Environment.ProcessId)
            .Add(connection == _presence);
        try
        {
            connection.SendBytes(hello.Body.Span);
            PayloadReader answer = ReadAnswer(connection.ReceiveBytes());
            return answer.ReadMemory<Guid>();
        }
        catch (ConnectionLostException)
        {
            // So answers a server that has seen the end of the first connection before this process did.
            BeLost();
            throw;
        }
        catch (Exception error) when (IsLoss(error))
        {
            throw Lost(error);
        }
    }

    public ConnectionLostException Lost(Exception cause)
    {
        _hasLostConnection = true;
        return HasGivenUp ? Lost() : new ConnectionLostException($"The manager's server at {EndPoint} is gone.", cause);
    }

    private ConnectionLostException Lost() => new(HasGivenUp
        ? $"The manager's server at {EndPoint} has not answered for {AnswerTime.TotalSeconds:0} seconds: it is stopped, or hangs. Whoever connects again gets new proxies."
        : $"The manager's server at {EndPoint} is gone, or has taken this process for gone: whoever connects again gets new proxies.");
}
