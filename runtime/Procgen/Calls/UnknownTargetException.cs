namespace Procgen.Calls;

/// <summary>The other side names a target that no assembly loaded here registers.</summary>
internal sealed class UnknownTargetException(Guid module, ulong id) : ProcgenException(
    $"No target {id:x16} of module {module} is registered in this process. The assembly that declares it must be referenced by the "
    + "executable that starts the worker, and both processes must run the same build of it.");
