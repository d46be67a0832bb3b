using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>What the library itself brings to every worker, beside the app's targets: its own, and how managed handles are opened.</summary>
internal static class BuiltInTargets
{
    public static void Register()
    {
        TargetRegistry.Register(ManagerServerCall.Target);
        HostedHandles.Register();
    }
}
