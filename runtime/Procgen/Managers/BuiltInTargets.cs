using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The targets that the library itself brings.</summary>
internal static class BuiltInTargets
{
    public static void Register() => TargetRegistry.Register(typeof(BuiltInTargets), Find);

    private static Target? Find(ulong id) => id == ManagerServerCall.Id ? ManagerServerCall.Target : null;
}
