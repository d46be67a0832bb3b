namespace Procgen;

/// <summary>
/// On an interface or a class that is not sealed: one of the types that a value declared as it may be. The value's own type
/// crosses, named by its tag; a type that is not listed is refused. <c>[JsonDerivedType]</c> and <c>[MemoryPackUnion]</c>
/// say the same. Python pickles whatever the value is; here the list is closed.
/// </summary>
/// <param name="tag">The number that stands for <paramref name="type"/>: unique on this interface or class.</param>
/// <param name="type">A type that is no more abstract: it implements the interface or derives from the class, or is the class.</param>
/// <example><code>
/// [ProcessUnion(0, typeof(Circle))]
/// [ProcessUnion(1, typeof(Square))]
/// abstract record Shape;
/// </code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class ProcessUnionAttribute(ushort tag, Type type) : Attribute
{
    /// <summary>The number that stands for <see cref="Type"/>, 0 to 65,535; those below 250 take one byte.</summary>
    public ushort Tag => tag;

    /// <summary>A type that values may have.</summary>
    public Type Type => type;
}
