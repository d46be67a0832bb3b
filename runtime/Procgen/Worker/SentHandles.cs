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
/// <param name="heir">Leads to the parent, which takes over what is still on its way to others; null for a worker that is a thread of it.</param>
internal sealed class SentHandles(Link? heir)
{
    /// <summary>How long an ending worker waits for its parent to open what it was sent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private List<Message>? _messages;

    /// <summary>Takes over what keeps the handles in a message that has gone out open; that of earlier messages that have arrived is let go.</summary>
    /// <param name="call">Whose message it is.</param>
    /// <param name="scope">What keeps them open.</param>
    public void Keep(uint call, HandleScope scope)
    {
        if (!scope.IsEmpty) Add(new Message(call, scope));
    }

    /// <summary>Nobody reads any more what a call has sent, nor opens the handles in it.</summary>
    public void Abandon(uint call)
    {
        if (Volatile.Read(ref _messages) is { } messages) LetGo(messages, message => message.Call == call);
    }

    /// <summary>Before a pool learns that a call is over, and may end this process: what the call has put for others must have another holder.</summary>
    public void Secure()
    {
        if (HandlesInTransit.HaveBeen && heir is not null) Bequeath(heir);
    }

    /// <summary>Before this worker ends: what only it holds and somebody may still open must have another holder.</summary>
    public void Leave()
    {
        if (Volatile.Read(ref _messages) is { } messages) Leave(messages);
        Secure();
    }

    // These apart: most workers send none, and do without the code of lists and the assembly that has it.
    private void Add(Message message)
    {
        lock (_gate)
        {
            _messages ??= [];
            LetGo(_messages, static sent => sent.Scope.IsAttached);
            _messages.Add(message);
        }
    }

    private void LetGo(List<Message> messages, Predicate<Message> isOver)
    {
        lock (_gate)
        {
            messages.RemoveAll(message =>
            {
                bool over = isOver(message);
                if (over) message.Scope.Dispose();
                return over;
            });
        }
    }

    private void Leave(List<Message> messages)
    {
        lock (_gate)
        {
            foreach (Message message in messages)
            {
                if (heir is null) HandlesInTransit.Keep(message.Scope);
                else if (!message.Scope.WaitUntilAttached(Patience)) return;
            }
        }
    }

    private static void Bequeath(Link heir)
    {
        if (!HandlesInTransit.IsSomethingToBeLeft) return;
        heir.Send(FrameKind.Will, 0, static (ref PayloadWriter writer, int _) => HandlesInTransit.WriteWill(ref writer));
        HandlesInTransit.WaitUntilTakenOver(Patience);
    }

    private sealed record Message(uint Call, HandleScope Scope);
}
