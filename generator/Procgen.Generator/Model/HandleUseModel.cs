namespace Procgen.Generator.Model;

/// <summary>A place that names or makes a queue, connection or managed collection.</summary>
/// <param name="Types">Its type arguments that can cross.</param>
internal sealed record HandleUseModel(EquatableArray<RegisteredType> Types);
