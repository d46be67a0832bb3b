namespace Procgen.Managers;

/// <summary>
/// What an answer gives away that must not be lost on its way. It is the client's when the answer has come, which over a stream,
/// and where it had to wait, it says itself; it is the server's again where the answer cannot be sent, or the connection has ended
/// before that: what was sent may not have come.
/// </summary>
internal abstract class Handover
{
    /// <summary>The client has it.</summary>
    public abstract void Confirm();

    /// <summary>It has not come: perhaps more than once, on any thread, and never after <see cref="Confirm"/>.</summary>
    public abstract void Undo();
}
