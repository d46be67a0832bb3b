using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The targets that the library itself brings: known to every worker beside the app's.</summary>
internal static class BuiltInTargets
{
    public static void Register() => TargetRegistry.Register(ManagerServerCall.Target);
}
