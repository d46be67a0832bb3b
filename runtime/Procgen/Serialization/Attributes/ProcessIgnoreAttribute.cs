namespace Procgen;

/// <summary>
/// On a public field or property: it does not cross, and has its default value on the other side. Python's
/// <c>__getstate__</c> without it. On a member of a <see cref="ManagedObjectAttribute"/> class: its proxy does not have it.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Method | AttributeTargets.Event)]
public sealed class ProcessIgnoreAttribute : Attribute;
