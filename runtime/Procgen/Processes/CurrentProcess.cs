using System.Security.Cryptography;
using Procgen.Launching;
using Procgen.Processes;

namespace Procgen;

/// <summary>This process. Python's <c>current_process()</c>, <c>parent_process()</c> and <c>active_children()</c>.</summary>
public static class CurrentProcess
{
    private static readonly object Gate = new();
    private static byte[]? _authKey;
    private static int _childCount;

    /// <summary>Its name: <c>MainProcess</c>, or what its parent called it.</summary>
    public static string Name { get; set; } = "MainProcess";

    /// <summary>Its process id.</summary>
    public static int Id => Environment.ProcessId;

    /// <summary>Whether it was started by Procgen to run targets.</summary>
    public static bool IsWorker { get; private set; }

    /// <summary>Whether it is a daemon: ended when its parent exits, and not allowed to start children.</summary>
    public static bool IsDaemon { get; private set; }

    /// <summary>The key that processes of one family share: random in the first one, inherited by its children.</summary>
    public static ReadOnlyMemory<byte> AuthKey
    {
        get
        {
            lock (Gate) return _authKey ??= RandomNumberGenerator.GetBytes(32);
        }
        set
        {
            lock (Gate) _authKey = value.ToArray();
        }
    }

    /// <summary>The process that started this one; null in a process that Procgen did not start.</summary>
    public static ParentProcess? Parent { get; private set; }

    /// <summary>The children of this process that are still running.</summary>
    public static IReadOnlyList<ChildProcess> ActiveChildren => ChildRegistry.Active;

    /// <summary>Its place in the family, as "1:3"; empty in the first process.</summary>
    internal static string Identity { get; private set; } = "";

    internal static void BecomeWorker(WorkerStart start, RemoteParent parent)
    {
        Name = start.Name;
        Identity = start.Identity;
        IsWorker = true;
        IsDaemon = start.IsDaemon;
        Parent = new ParentProcess(parent);
        AuthKey = start.AuthKey;
    }

    /// <summary>The identity of the next child: its own number behind this process's identity.</summary>
    internal static string NextChildIdentity()
    {
        string number = Interlocked.Increment(ref _childCount).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Identity.Length == 0 ? number : $"{Identity}:{number}";
    }
}
