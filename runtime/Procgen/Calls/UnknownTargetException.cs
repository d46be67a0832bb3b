using System.Runtime.ExceptionServices;
using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>The other side names a target that no assembly loaded here registers.</summary>
internal sealed class UnknownTargetException(Guid module, ulong id) : ProcgenException(
    $"No target {id:x16} of module {module} is registered in this process. The assembly that declares it must be referenced by the "
    + "executable that starts the worker, and both processes must run the same build of it.")
{
    /// <summary>Whether a worker says that it does not know <paramref name="target"/>, and not one that an argument names.</summary>
    public static bool IsAbout(Target target, RemoteException error) =>
        error.RemoteTypeName == typeof(UnknownTargetException).FullName && error.RemoteMessage.Contains($" {target.Id:x16} ", StringComparison.Ordinal);

    /// <summary>The same with the target's name, which only its caller knows.</summary>
    public static Exception Named(Target target, RemoteException error) => ExceptionDispatchInfo.SetRemoteStackTrace(
        new RemoteException(error.RemoteTypeName, $"{target.Name} cannot be called there. {error.RemoteMessage}", error.RemoteStackTrace),
        error.StackTrace ?? "");
}
