using Procgen.Calls;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>
/// The named pipe that one child connects to: open to the current user only, unguessable, and satisfied with the first
/// connection that shows the child's secret. Others are closed without an answer, and the wait goes on.
/// </summary>
internal abstract class LaunchPipe(WorkerTicket ticket) : IDisposable
{
    private static readonly TimeSpan StrangerLimit = TimeSpan.FromSeconds(2);

    /// <summary>A ticket for one child: secrets, and a name nobody can guess. On Unix that is a socket file's path, short enough for one.</summary>
    public static WorkerTicket NewTicket(bool isStandby = false)
    {
        string name = OperatingSystem.IsWindows() ? $"procgen-{Secret.Next()}" : LaunchSockets.NewPath();
        return new WorkerTicket(name, Secret.Next(), Secret.Next(), Environment.ProcessId, isStandby);
    }

    /// <summary>The pipe for the child with this ticket.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static LaunchPipe Listen(WorkerTicket ticket) => OperatingSystem.IsWindows() ? new WindowsLaunchPipe(ticket) : new UnixLaunchPipe(ticket);

    /// <summary>Waits for the child, until <see cref="Dispose"/> is called.</summary>
    /// <returns>Null when it was.</returns>
    public abstract ByteChannel? Accept();

    public abstract void Dispose();

    /// <summary>Reads what was shown, and answers where that was right.</summary>
    protected bool IsChild(ByteChannel channel)
    {
        // A stranger that connects and says nothing holds the child up for a moment only.
        using IDisposable limit = Deadlines.Schedule(StrangerLimit, channel.Dispose);
        Span<byte> shown = stackalloc byte[Preamble.Length];
        if (!channel.TryReadExactly(shown) || Preamble.Refuse(shown, ticket.WorkerSecret) is not null) return false;
        Span<byte> answer = stackalloc byte[Preamble.Length];
        Preamble.Write(answer, ticket.ParentSecret);
        try
        {
            channel.Write(answer);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
