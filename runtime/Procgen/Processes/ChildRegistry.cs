namespace Procgen.Processes;

/// <summary>
/// The running children of this process, and what becomes of them when it exits: daemons are terminated, and so are
/// streams, which nobody reads any more; the others are joined.
/// </summary>
internal static class ChildRegistry
{
    private static readonly object Gate = new();
    private static readonly List<ChildProcess> Children = [];
    private static bool _isHooked;

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
            if (_isHooked) return;
            _isHooked = true;
            AppDomain.CurrentDomain.ProcessExit += static (_, _) => EndAll();
        }
    }

    public static void Remove(ChildProcess child)
    {
        lock (Gate) Children.Remove(child);
    }

    /// <summary>Joins children until none is left; a child may be started while this waits.</summary>
    public static void EndAll()
    {
        foreach (ChildProcess child in Active.Where(child => child.EndsAtExit)) child.EndNow();
        while (Active is [ChildProcess child, ..]) child.Life.WaitForEnd();
    }
}
