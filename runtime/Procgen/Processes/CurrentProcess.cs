using Procgen.Launching;
using Procgen.Processes;

namespace Procgen;

/// <summary>
/// This process. Python's <c>current_process()</c>, <c>parent_process()</c> and <c>active_children()</c>. In a target that
/// runs on a thread (<see cref="StartMethod.InProcess"/>): what it would be if it had a process.
/// </summary>
public static class CurrentProcess
{
    /// <summary>Its name: <c>MainProcess</c>, or what its parent called it.</summary>
    public static string Name
    {
        get => FamilyMember.Current.Name;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            FamilyMember.Current.Name = value;
        }
    }

    /// <summary>Its process id.</summary>
    public static int Id => Environment.ProcessId;

    /// <summary>Whether it was started by Procgen to run targets.</summary>
    public static bool IsWorker => FamilyMember.Current.Parent is not null || WorkerBoot.IsUnderWay;

    /// <summary>Whether it is a daemon: ended when its parent exits, and not allowed to start children.</summary>
    public static bool IsDaemon => FamilyMember.Current.IsDaemon;

    /// <summary>The key that processes of one family share: random in the first one, inherited by its children.</summary>
    public static ReadOnlyMemory<byte> AuthKey
    {
        get => FamilyMember.Current.AuthKey;
        set => FamilyMember.Current.AuthKey = value.ToArray();
    }

    /// <summary>The process that started this one; null in a process that Procgen did not start.</summary>
    public static ParentProcess? Parent => FamilyMember.Current.Parent is RemoteParent parent ? new ParentProcess(parent) : null;

    /// <summary>The children of this process that are still running.</summary>
    public static IReadOnlyList<ChildProcess> ActiveChildren => ChildRegistry.Active;

    /// <summary>Refuses to let this process start others where that may not be.</summary>
    /// <exception cref="InvalidOperationException">It is a daemon, or a worker that runs module initializers.</exception>
    internal static void RequireMayStart()
    {
        if (WorkerBoot.IsUnderWay)
        {
            throw new InvalidOperationException(
                "A worker cannot start processes while it runs the app's module initializers: they run in every process of the app, so that each would start another one, without end. "
                + "Start processes in Main or in what it calls, or only where CurrentProcess.IsWorker is false.");
        }

        if (IsDaemon) throw new InvalidOperationException($"Process {Name} is a daemon, and daemons may not start children.");
    }
}
