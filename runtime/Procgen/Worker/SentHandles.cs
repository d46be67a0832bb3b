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
    private List<HandleScope>? _scopes;

    /// <summary>Takes over what keeps the handles in a message that has gone out open; that of earlier messages that have arrived is let go.</summary>
    public void Keep(HandleScope scope)
    {
        if (!scope.IsEmpty) Add(scope);
    }

    /// <summary>Before this process ends: what only it holds and somebody may still open must have another holder.</summary>
    public void LeaveTo(Link link)
    {
        if (Volatile.Read(ref _scopes) is { } scopes) WaitUntilOpened(scopes);
        if (!HandlesInTransit.IsEmpty) Bequeath(link);
    }

    // These three apart: most workers send none, and do without the code of lists and the assembly that has it.
    private void Add(HandleScope scope)
    {
        lock (_gate)
        {
            _scopes ??= [];
            for (int i = _scopes.Count - 1; i >= 0; i--)
            {
                if (!_scopes[i].IsAttached) continue;
                _scopes[i].Dispose();
                _scopes.RemoveAt(i);
            }

            _scopes.Add(scope);
        }
    }

    private void WaitUntilOpened(List<HandleScope> scopes)
    {
        lock (_gate)
        {
            foreach (HandleScope scope in scopes)
            {
                if (!scope.WaitUntilAttached(Patience)) return;
            }
        }
    }

    private static void Bequeath(Link link)
    {
        link.Send(FrameKind.Will, 0, static (ref PayloadWriter writer, int _) => HandlesInTransit.WriteWill(ref writer));
        HandlesInTransit.WaitUntilTakenOver(Patience);
    }
}
