using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>Calls back on the waiter thread when a log has a message or its end: for waits on several connections at once.</summary>
internal sealed class PendingReadable : PendingWait, IDisposable
{
    private readonly LogAccess _access;
    private Action? _ready;

    private PendingReadable(LogAccess access, Action ready)
    {
        _access = access;
        _ready = ready;
    }

    public static PendingReadable Start(LogAccess access, Action ready)
    {
        access.Gate.Enter();
        PendingReadable wait = new(access, ready);
        WaiterThread.Add(wait);
        return wait;
    }

    public override bool TryFinish(out WaitWord word, out int expected)
    {
        word = _access.Log.Items.Word;
        expected = _access.Log.Items.Arm();
        if (Volatile.Read(ref _ready) is not null && !_access.Gate.IsClosed && !_access.IsReadable()) return false;

        Interlocked.Exchange(ref _ready, null)?.Invoke();
        _access.PassOnItems();
        _access.Gate.Exit();
        return true;
    }

    /// <summary>Calls back no more. The waiter thread lets go of the log when it next looks.</summary>
    public void Dispose() => Interlocked.Exchange(ref _ready, null);
}
