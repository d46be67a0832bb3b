namespace Procgen;

/// <summary>
/// On a class: an object that is reached twice crosses once and is one object on the other side too, and cycles are kept.
/// Needs a parameterless constructor. As Python's <c>pickle</c> does with every object.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PreserveReferencesAttribute : Attribute;
