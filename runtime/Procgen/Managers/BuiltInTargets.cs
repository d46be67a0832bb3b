using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The targets that the library itself brings: known to a worker that is asked for one.</summary>
internal static class BuiltInTargets
{
    public static void Register() => TargetRegistry.Register(ManagerServerCall.Target);
}
