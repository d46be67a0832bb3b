namespace Procgen.Interop;

/// <summary>Ends a process and what descends from it, on Windows.</summary>
internal static unsafe class WindowsTree
{
    private const nint Invalid = -1;

    /// <summary>Ends the descendants of <paramref name="root"/>, youngest first, then itself through <paramref name="rootHandle"/>.</summary>
    public static void End(int root, nint rootHandle, uint exitCode)
    {
        // A parent's id outlives the parent and may be another process's by now: real children are younger than their parent.
        List<(int Id, nint Handle, long Created)> tree = [(root, rootHandle, Created(rootHandle))];
        (int Id, int ParentId)[] all = Snapshot();
        for (int i = 0; i < tree.Count; i++)
        {
            foreach ((int id, int parentId) in all)
            {
                if (parentId != tree[i].Id || id == root) continue;
                const uint TerminateAndQuery = 0x1001;
                nint handle = Kernel32.OpenProcess(TerminateAndQuery, 0, id);
                if (handle == 0) continue;
                if (Created(handle) is var created && created >= tree[i].Created) tree.Add((id, handle, created));
                else _ = Kernel32.CloseHandle(handle);
            }
        }

        for (int i = tree.Count - 1; i >= 0; i--)
        {
            _ = Kernel32.TerminateProcess(tree[i].Handle, exitCode);
            if (i > 0) _ = Kernel32.CloseHandle(tree[i].Handle);
        }
    }

    private static long Created(nint process)
    {
        long created, exited, kernel, user;
        return Kernel32.GetProcessTimes(process, &created, &exited, &kernel, &user) != 0 ? created : 0;
    }

    private static (int Id, int ParentId)[] Snapshot()
    {
        const uint Processes = 2;
        nint snapshot = Kernel32.CreateToolhelp32Snapshot(Processes, 0);
        if (snapshot == Invalid) return [];
        List<(int, int)> found = [];
        Kernel32.ProcessEntry entry = new() { Size = (uint)sizeof(Kernel32.ProcessEntry) };
        for (int more = Kernel32.Process32FirstW(snapshot, &entry); more != 0; more = Kernel32.Process32NextW(snapshot, &entry))
            found.Add((entry.ProcessId, entry.ParentId));
        _ = Kernel32.CloseHandle(snapshot);
        return [.. found];
    }
}
