using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Serialization;
using Procgen.Shared;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// Handles that this worker has sent in results, items and progress values, and may be the only holder of: kept open until
/// the parent has opened them, also when the worker is about to end.
/// </summary>
internal sealed class SentHandles
{
    /// <summary>How long an ending worker waits for its parent to open what it was sent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly List<HandleScope> _scopes = [];
    private HandleScope? _last;

    /// <summary>A scope for the next message; those of earlier ones that have arrived, or had no handles, are let go.</summary>
    public HandleScope NewScope()
    {
        // The rule: one scope serves all messages without handles.
        if (Volatile.Read(ref _last) is { IsEmpty: true } empty) return empty;
        lock (_gate)
        {
            for (int i = _scopes.Count - 1; i >= 0; i--)
            {
                if (!_scopes[i].IsAttached) continue;
                _scopes[i].Dispose();
                _scopes.RemoveAt(i);
            }

            _last = new HandleScope();
            _scopes.Add(_last);
            return _last;
        }
    }

    /// <summary>The message of the last scope has come to nothing: nobody will open what is in it.</summary>
    public void DropLast() => Volatile.Read(ref _last)?.Dispose();

    /// <summary>Waits, before this process ends, until the parent has opened what it was sent.</summary>
    private void WaitUntilOpened()
    {
        lock (_gate)
        {
            foreach (HandleScope scope in _scopes)
            {
                if (!scope.WaitUntilAttached(Patience)) return;
            }
        }
    }

    /// <summary>Before this process ends: what only it holds and somebody may still open must have another holder.</summary>
    public void LeaveTo(Link link)
    {
        WaitUntilOpened();
        if (HandlesInTransit.IsEmpty) return;
        link.Send(FrameKind.Will, 0, static (ref PayloadWriter writer, int _) => HandlesInTransit.WriteWill(ref writer));
        HandlesInTransit.WaitUntilTakenOver(Patience);
    }
}
