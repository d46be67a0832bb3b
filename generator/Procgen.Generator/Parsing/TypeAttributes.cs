namespace Procgen.Generator.Parsing;

/// <summary>The attributes that steer how a type crosses, or whether a method can be called; the foreign ones are read by name, without a reference.</summary>
internal static class TypeAttributes
{
    public const string
        Codec = "Procgen.ProcessCodecAttribute",
        Union = "Procgen.ProcessUnionAttribute",
        PreserveReferences = "Procgen.PreserveReferencesAttribute",
        JsonDerivedType = "System.Text.Json.Serialization.JsonDerivedTypeAttribute",
        JsonConstructor = "System.Text.Json.Serialization.JsonConstructorAttribute",
        MemoryPackable = "MemoryPack.MemoryPackableAttribute",
        MemoryPackUnion = "MemoryPack.MemoryPackUnionAttribute",
        MemoryPackConstructor = "MemoryPack.MemoryPackConstructorAttribute",
        Obsolete = "System.ObsoleteAttribute",
        UnmanagedCallersOnly = "System.Runtime.InteropServices.UnmanagedCallersOnlyAttribute",
        InlineArray = "System.Runtime.CompilerServices.InlineArrayAttribute",
        CompilerGenerated = "System.Runtime.CompilerServices.CompilerGeneratedAttribute",
        SetsRequiredMembers = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";
}
