using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// An object of a <see cref="ManagedObjectAttribute"/> class. A call runs on the thread of the connection that brought it:
/// a slow one delays nobody else, unless the class is serialized.
/// </summary>
internal sealed class CustomObject : ServerObject, IDisposable
{
    private readonly ManagedType _type;
    private readonly ObjectDisposal _disposal;
    private readonly SemaphoreSlim? _turn;
    private readonly object _gate = new();

    // Calls and streams that are running; the last one disposes what was dropped meanwhile. Under _gate.
    private int _running;
    private bool _isDropped;

    private CustomObject(ManagedType type, object value, ObjectDisposal disposal)
    {
        _type = type;
        _disposal = disposal;
        _turn = type.IsSerialized ? new SemaphoreSlim(1) : null;
        Value = value;
    }

    public object Value { get; }

    /// <summary>Makes the object that a client asks for, by a constructor from the closed table of its type.</summary>
    /// <exception cref="ProcgenException">The server does not know that type in that build.</exception>
    public static CustomObject Create(ref PayloadReader request, ObjectDisposal disposal)
    {
        string? name = request.ReadString();
        Guid build = request.ReadMemory<Guid>();
        ulong id = request.ReadMemory<ulong>();
        if (!ManagedTypeRegistry.TryFind(build, id, out ManagedType? type))
        {
            throw new ProcgenException(ManagedTypeRegistry.IsKnown(id)
                ? $"The manager's server has another build of {name} than the client: both processes must run the same one."
                : $"The manager's server does not know {name}: the assembly that declares it must be referenced by the server's executable, in the same build.");
        }

        var creation = (ManagedCreation)type.ReadConstructor(ref request);
        return new CustomObject(type, creation.Create(), disposal);
    }

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session) => throw Unsupported(op);

    /// <summary>Calls a member.</summary>
    /// <param name="request">Which one, and the arguments.</param>
    /// <param name="answer">Where the result goes.</param>
    /// <param name="connection">Who asks.</param>
    /// <returns>A stream that is open now, and to be sent over the connection; else null.</returns>
    public CustomStream? Call(ref PayloadReader request, ref PayloadWriter answer, Connection connection)
    {
        _type.Check(ref request);
        ManagedCall call = _type.ReadCall(ref request);
        Enter();
        bool isStream = false;
        try
        {
            using ClientWatch? client = call.Member.IsCancelable || _turn is { CurrentCount: 0 } ? new ClientWatch(connection) : null;
            CancellationToken gone = client?.Token ?? default;
            _turn?.Wait(gone);
            try
            {
                CustomStream? stream = call.Open(this);
                isStream = stream is not null;
                if (!isStream) call.Execute(Value, gone, ref answer);
                return stream;
            }
            finally
            {
                _turn?.Release();
            }
        }
        finally
        {
            if (!isStream) Exit();
        }
    }

    /// <summary>A part of a stream, which takes its turn among the calls.</summary>
    public T InTurn<T>(Func<T> part, CancellationToken cancellationToken = default)
    {
        _turn?.Wait(cancellationToken);
        try
        {
            return part();
        }
        finally
        {
            _turn?.Release();
        }
    }

    /// <summary>A call or stream has ended.</summary>
    public void Exit()
    {
        lock (_gate)
        {
            if (--_running > 0 || !_isDropped) return;
        }

        _disposal.Add(_type.Name, Value);
    }

    /// <summary>No process has a proxy any more: the object is disposed, once its last call has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDropped) return;
            _isDropped = true;
            if (_running > 0) return;
        }

        _disposal.Add(_type.Name, Value);
    }

    /// <summary>The process ends: the object is disposed whatever still runs.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_isDropped && _running == 0) return;
            _isDropped = true;
            _running = int.MaxValue;
        }

        _disposal.Add(_type.Name, Value);
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_isDropped) throw new ConnectionLostException($"The {_type.Name} is gone from its manager: no process held it any more.");
            _running++;
        }
    }
}
