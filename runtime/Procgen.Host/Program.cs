using Procgen.CompilerServices;

namespace Procgen.Host;

/// <summary>
/// Where a worker of an app with an installed runtime begins: with the app's dependencies and settings, and without the
/// startup hook that it takes to come before the app's own Main.
/// </summary>
internal static class Program
{
    public static void Main() => WorkerEntry.RunWorker();
}
