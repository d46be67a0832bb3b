namespace Procgen.Generator.Model;

/// <summary>A type that generic code finds the codec of.</summary>
/// <param name="Name">What <see cref="System.Reflection.MemberInfo.Name"/> of it is: <c>List`1</c>.</param>
/// <param name="Type">The type.</param>
internal sealed record RegisteredType(string Name, TypeModel Type);
