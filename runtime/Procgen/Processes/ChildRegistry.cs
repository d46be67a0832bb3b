using Procgen.Launching;

namespace Procgen.Processes;

/// <summary>
/// The running children of this process, and what becomes of them when it exits: daemons are terminated, and so are
/// streams, which nobody reads any more; the others are joined.
/// </summary>
internal static class ChildRegistry
{
    /// <summary>For who takes in a captured line: it may be he who ends this process.</summary>
    private static readonly TimeSpan LinePatience = TimeSpan.FromSeconds(5);

    private static readonly object Gate = new();
    private static readonly List<ChildProcess> Children = [];

    public static IReadOnlyList<ChildProcess> Active
    {
        get
        {
            lock (Gate) return [.. Children.Where(child => child.Life.IsRunning)];
        }
    }

    public static void Add(ChildProcess child)
    {
        lock (Gate)
        {
            Children.Add(child);
            if (!child.Life.IsProcess) ProcessSetup.BeforeExit = JoinThreads;
        }

        ExitHandler.Hook();
    }

    public static void Remove(ChildProcess child)
    {
        lock (Gate) Children.Remove(child);
    }

    /// <summary>
    /// Ends or joins children until none is left; a child may be started while this waits. Threads of this process are not
    /// waited for: it may be one of them that ends it, and where Main has returned the runtime has done so.
    /// </summary>
    public static void EndAll()
    {
        foreach (ChildProcess child in Active.Where(static child => child.EndsAtExit)) child.EndNow();
        HashSet<ChildProcess> left = new(ReferenceEqualityComparer.Instance);
        while (Active.FirstOrDefault(child => child.Life.IsProcess && !left.Contains(child)) is ChildProcess child)
        {
            if (!child.Life.TryWaitForEnd(LinePatience)) left.Add(child);
        }
    }

    /// <summary>At the end of a worker: waits for those that are threads of this process and no daemons, as the runtime does at the end of an app's Main.</summary>
    private static void JoinThreads()
    {
        while (Active.FirstOrDefault(static child => !child.Life.IsProcess && !child.EndsAtExit) is ChildProcess child) child.Life.TryWaitForEnd(LinePatience);
    }
}
