using System.Globalization;
using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>Signals to a process and all that descends from it, on Unix.</summary>
internal static class ProcessTree
{
    /// <summary>Sends <paramref name="signal"/> to the descendants of <paramref name="root"/>, youngest first, and then to itself.</summary>
    /// <remarks>
    /// Each process is stopped before its children are looked for. A stopped one starts no more of them, and reaps none, so
    /// that the ids found cannot pass to strangers before they are signalled.
    /// </remarks>
    public static void Signal(int root, int signal)
    {
        List<int> tree = Stop(root);
        if (signal == LibC.Killed)
        {
            Kill(tree);
            return;
        }

        for (int i = tree.Count - 1; i >= 0; i--) ProcessSignals.Send(tree[i], signal);
        for (int i = tree.Count - 1; i >= 0; i--) ProcessSignals.Send(tree[i], LibC.Continue);
    }

    /// <summary>Descendants are not ours to reap, and nobody else cleans up after them.</summary>
    private static void Kill(List<int> tree)
    {
        TemporaryFiles?[] files = [.. tree.Select(static id => TemporaryFiles.Of(id))];
        for (int i = tree.Count - 1; i >= 0; i--)
        {
            ProcessSignals.Send(tree[i], LibC.Killed);
            files[i]?.Delete();
        }
    }

    private static List<int> Stop(int root)
    {
        List<int> tree = [root];
        var members = new HashSet<int> { root };
        ProcessSignals.Send(root, LibC.Stop);

        // A process that was just being stopped may still have started a child: look until nothing new is found.
        int before;
        do
        {
            before = tree.Count;
            foreach (int child in ChildrenOf(tree, members))
            {
                if (!members.Add(child)) continue;
                ProcessSignals.Send(child, LibC.Stop);
                tree.Add(child);
            }
        }
        while (tree.Count > before);

        return tree;
    }

    private static IEnumerable<int> ChildrenOf(List<int> tree, HashSet<int> members)
    {
        if (OperatingSystem.IsMacOS())
        {
            foreach (int member in tree.ToArray())
                foreach (int child in ProcessSignals.ChildrenOnMac(member))
                    yield return child;
            yield break;
        }

        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            if (ParentOf(id) is { } parent && members.Contains(parent)) yield return id;
        }
    }

    /// <summary>From <c>/proc/id/stat</c>: "id (name) state parent …", where the name may hold anything, also parentheses.</summary>
    private static int? ParentOf(int id)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{id}/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        ReadOnlySpan<char> rest = stat.AsSpan(stat.LastIndexOf(')') + 1);
        if (rest.Length < 4) return null;
        rest = rest[3..];
        int end = rest.IndexOf(' ');
        return end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int parent) ? parent : null;
    }
}
