namespace Procgen;

/// <summary>
/// Marks a static method that may run in another process, or a partial class derived from <see cref="ChildProcess"/>
/// whose <c>Run</c> does. The generator emits a stub for it: <c>WorkTargets.Square(3)</c> beside <c>Work.Square</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class ProcessTargetAttribute : Attribute
{
    /// <summary>
    /// Exception types that reach the caller as themselves, beside a closed list of the base class library's. Each needs
    /// a public constructor that takes a message, a message and an inner exception, or nothing. All others, and one
    /// whose constructor throws in the caller, arrive as <see cref="RemoteException"/>.
    /// </summary>
    public Type[] Throws { get; set; } = [];
}
