namespace Quickstart;

/// <summary>Which files there are, and who gets which.</summary>
internal static class SourceTree
{
    private static readonly string[] Skipped = ["bin", "obj", ".git"];

    public static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Procgen.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? Environment.CurrentDirectory;
    }

    public static IEnumerable<string> Files(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            if (Skipped.Contains(Path.GetFileName(inner))) continue;
            foreach (string file in Files(inner)) yield return file;
        }
    }

    /// <summary>Shares of about equal size: the largest files first, each to whoever has least so far.</summary>
    public static List<string>[] Split(IEnumerable<string> files, int shares)
    {
        var split = new PriorityQueue<List<string>, long>();
        List<string>[] lists = [.. Enumerable.Range(0, shares).Select(static _ => new List<string>())];
        foreach (List<string> list in lists) split.Enqueue(list, 0);
        foreach ((string file, long length) in files.Select(static file => (file, new FileInfo(file).Length)).OrderByDescending(static pair => pair.Length))
        {
            split.TryDequeue(out List<string>? smallest, out long size);
            smallest!.Add(file);
            split.Enqueue(smallest, size + length);
        }

        return lists;
    }
}
