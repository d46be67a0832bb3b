using Procgen.Launching;

namespace Procgen.Processes;

/// <summary>
/// What this process does when it exits, where it has children or files of its own. One handler for both, as handlers run in the
/// order in which they were added: children that are joined may still need the files.
/// </summary>
internal static class ExitHandler
{
    private static readonly object Gate = new();
    private static bool _isHooked;

    /// <summary>To be called by whoever has one or the other.</summary>
    public static void Hook()
    {
        lock (Gate)
        {
            if (_isHooked) return;
            _isHooked = true;
            AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
            {
                ChildRegistry.EndAll();
                OwnFiles.DeleteAll();
            };
        }
    }
}
