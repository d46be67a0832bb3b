using System.ComponentModel;
using System.Runtime.CompilerServices;
using Procgen.Launching;
using Procgen.Managers;
using Procgen.Worker;

namespace Procgen.CompilerServices;

/// <summary>Where the executable's generated module initializer enters, in every process, after it has registered the targets.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WorkerEntry
{
    /// <summary>
    /// Called first by the initializer of an executable that may have to do with managers. A native one that cannot does without
    /// their code and all that it needs, TLS above all: that is most of what its processes would load and set up.
    /// </summary>
    public static void UseManagers()
    {
        HostedHandles.Register();
        BuiltInTargets.Register();
    }

    /// <summary>Where the runtime itself enters a worker: all of the library is there anyway, and the app's initializers have not run yet.</summary>
    internal static void RunIfWorker()
    {
        UseManagers();
        WorkerMain.RunIfWorker();
    }

    /// <summary>
    /// The Main of the library's own entry assembly, which a worker begins in where that can take the place of a startup hook.
    /// </summary>
    internal static void RunWorker()
    {
        Application.IsBehindEntry = true;
        RunIfWorker();
        Console.Error.WriteLine("Procgen starts this program for its workers; there is nothing to run by hand.");
        ProcessSetup.ExitImmediately(70);
    }

    /// <summary>
    /// Serves, and does not return, in a NativeAOT worker: there are no startup hooks there, and a module initializer holds
    /// no lock. On CoreCLR the hook came first; a worker that it did not take over ends here rather than run the app again.
    /// </summary>
    public static void TakeOverIfWorker()
    {
        // Where nothing is left out, nothing can be missing, whatever else the process loads.
        if (RuntimeFeature.IsDynamicCodeSupported) UseManagers();
        if (!WorkerEnvironment.HasTicket) return;
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            Console.Error.WriteLine("Procgen: this process was started as a worker, but its startup hook did not run. A trimmed app needs "
                + "<StartupHookSupport>true</StartupHookSupport>, which the Procgen package sets: see the section on deployment in its README.");
            ProcessSetup.ExitImmediately(70);
        }

        WorkerMain.RunIfWorker();
    }
}
