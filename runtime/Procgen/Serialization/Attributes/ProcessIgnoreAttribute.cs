namespace Procgen;

/// <summary>
/// On a public field or property: it does not cross, and has its default value on the other side. Python's
/// <c>__getstate__</c> without it.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ProcessIgnoreAttribute : Attribute;
