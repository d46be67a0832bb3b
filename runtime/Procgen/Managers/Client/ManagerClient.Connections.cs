using System.Collections.Concurrent;
using Procgen.CompilerServices;
using Procgen.Connections;
using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>The connections of a client, and how it learns that the server is gone, or has taken this process for gone.</summary>
internal sealed partial class ManagerClient
{
    /// <summary>How long a server that ends may take to close one connection after the other.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromMilliseconds(100);

    /// <summary>How long this process waits, before it leaves, for what it has to say of its waits to be sent.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentStack<Connection> _idle = new();

    // The first connection is never used for calls: to the server it is this process. Nothing comes over it but its end,
    // and the answer to a farewell.
    private readonly Connection _presence;

    /// <summary>Guards what follows; nobody waits inside.</summary>
    private readonly object _opening = new();

    /// <summary>What is being opened, and what is used for calls or idle: all that may block where the server does not answer.</summary>
    private readonly HashSet<IDisposable> _opened = [];
    private WaitChannel? _waits;
    private volatile bool _hasLostConnection;
    private volatile bool _isLost;

    /// <summary>Whether it is only this process that takes the server for gone: see <see cref="GiveUp"/>.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>What the server owes to those who do not wait for ever.</summary>
    public AnswerWatch Watch { get; }

    /// <summary>Where this process waits for the server; made when it does so for the first time, and again where it broke.</summary>
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
                return _waits = new WaitChannel(() => OpenAnother(), Lost, Watch);
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
    /// The server has not answered, and is gone for this process from now on, also for those who would wait for ever. When it goes
    /// on it finds that this process is gone, and gives to others what it held or was about to get.
    /// </summary>
    public void GiveUp()
    {
        HasGivenUp = true;
        BeLost();
        lock (_opening)
        {
            foreach (IDisposable opened in _opened) opened.Dispose();
            _opened.Clear();
        }
    }

    private void BeLost()
    {
        _isLost = true;
        Close();
    }

    /// <summary>Ends the connections that nobody uses for a call, once nobody gets another.</summary>
    private void Close()
    {
        Open.TryRemove(KeyValuePair.Create(ServerId, this));
        lock (_opening)
        {
            _waits?.Dispose();
            foreach (ConnectAttempt attempt in _opened.OfType<ConnectAttempt>()) attempt.GiveUp();
        }

        CloseIdle();
        _presence.Dispose();
    }

    /// <summary>Before this process leaves in good order: what it has taken stays taken, also where its saying so stands behind something long.</summary>
    private void FlushWaits()
    {
        WaitChannel? waits;
        lock (_opening) waits = _waits;
        waits?.Flush(Deadline.After(FlushTime));
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out Connection? connection)) Drop(connection);
    }

    /// <summary>An idle connection, or a new one: for one exchange at a time, then to be given to <see cref="Return"/> or <see cref="Drop"/>.</summary>
    /// <param name="cancellationToken">Ends the wait for a new one.</param>
    /// <exception cref="ConnectionLostException">The server is gone.</exception>
    public Connection Rent(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(ProcessManager));
        if (_isLost) throw Lost();
        if (_idle.TryPop(out Connection? idle)) return idle;
        Connection connection = OpenAnother(cancellationToken);
        AddOpened(connection);
        return connection;
    }

    /// <summary>As <see cref="Rent"/>; where there is none, the request is withdrawn.</summary>
    public Connection RentFor(ManagerRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Rent(cancellationToken);
        }
        catch
        {
            request.Withdraw();
            throw;
        }
    }

    /// <summary>Gives back a connection on which every request has been answered.</summary>
    public void Return(Connection connection)
    {
        _idle.Push(connection);

        // After it is pushed: whoever closes the others either sees this one or is seen here.
        if (_isDisposed || _isLost) CloseIdle();
    }

    /// <summary>Closes a connection on which an answer is still to come, or none can.</summary>
    public void Drop(Connection connection)
    {
        connection.Dispose();
        lock (_opening) _opened.Remove(connection);
    }

    private Connection OpenAnother(CancellationToken cancellationToken = default)
    {
        // Where nobody listens any more, connecting may take until its time is up.
        if (IsLost) throw Lost();
        using ConnectAttempt attempt = _address.BeginConnecting();
        AddOpened(attempt);
        try
        {
            using CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister(static attempt => ((ConnectAttempt)attempt!).GiveUp(), attempt);
            Connection connection = _address.Connect(attempt);
            Greet(connection);
            return attempt.Succeed() ? connection : throw Lost();
        }
        catch (ConnectionLostException) when (attempt.HasGivenUp && (HasGivenUp || !(_isLost || _isDisposed)))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Time was up: for the next call, too, it would be.
            GiveUp();
            throw Lost();
        }
        finally
        {
            lock (_opening) _opened.Remove(attempt);
        }
    }

    /// <exception cref="ConnectionLostException">The server was lost meanwhile; what was opened is closed.</exception>
    private void AddOpened(IDisposable opened)
    {
        lock (_opening)
        {
            if (!_isLost && !_isDisposed)
            {
                _opened.Add(opened);
                return;
            }
        }

        opened.Dispose();
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(ProcessManager));
        throw Lost();
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
        ? $"The manager's server at {EndPoint} has not answered in time: it is stopped, or hangs. Whoever connects again gets new proxies."
        : $"The manager's server at {EndPoint} is gone, or has taken this process for gone: whoever connects again gets new proxies.");
}
