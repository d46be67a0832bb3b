namespace Procgen.Launching;

/// <summary>
/// Files that this process has made at places which others have named, such as a listener's socket: they go when it exits, in
/// whatever way it does so itself, where nobody has taken them away before. After a kill they stay.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal static class OwnFiles
{
    private static readonly object Gate = new();
    private static HashSet<string>? _paths; // Few processes have any.

    /// <param name="path">The full path of a file that is there.</param>
    public static void Add(string path)
    {
        lock (Gate)
        {
            _paths ??= [];
            _paths.Add(path);
        }
    }

    /// <summary>It is gone, or not this process's to delete any more.</summary>
    public static void Remove(string path)
    {
        lock (Gate) _paths?.Remove(path);
    }

    /// <summary>Deletes them all; this process ends.</summary>
    public static void DeleteAll()
    {
        if (Volatile.Read(ref _paths) is null) return;
        lock (Gate)
        {
            foreach (string path in _paths!) TemporaryFiles.TryDelete(path);
            _paths.Clear();
        }
    }
}
