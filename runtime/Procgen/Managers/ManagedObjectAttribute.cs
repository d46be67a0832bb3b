namespace Procgen;

/// <summary>
/// Marks a class whose objects may live in a manager's server. The generator emits a proxy for it, with the same public
/// members in synchronous and asynchronous form, and what makes an object: <c>manager.CreateCounter(3)</c> returns a
/// <c>CounterProxy</c>. Python's <c>BaseManager.register</c>.
/// </summary>
/// <remarks>
/// Arguments and results are copies, exceptions arrive as those of targets do, and an event is an asynchronous stream of what
/// it was raised with. An object that is disposable is disposed in the server when its last proxy is gone or the server ends.
/// </remarks>
/// <example><code>
/// [ManagedObject] public class Counter(int start) { private int _value = start; public int Next() => Interlocked.Increment(ref _value); }
/// </code></example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ManagedObjectAttribute : Attribute
{
    /// <summary>
    /// One call at a time per object. By default two callers run at once, each on a thread of its own, and the class guards
    /// its state itself.
    /// </summary>
    public bool Serialized { get; set; }
}
