using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The targets that the library itself brings: known to a worker that is asked for one.</summary>
internal sealed class BuiltInTargets : TargetTable
{
    public override ReadOnlySpan<ulong> Ids => [ManagerServerCall.Id];

    public static void Register() => TargetRegistry.Register(new BuiltInTargets());

    public override Target? Find(ulong id) => id == ManagerServerCall.Id ? ManagerServerCall.Target : null;
}
