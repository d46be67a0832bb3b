namespace Procgen.Generator;

/// <summary>The names of the pipeline's steps. What <see cref="Emitting"/> lists ends in a file.</summary>
internal static class Steps
{
    public const string
        ParsedTargets = nameof(ParsedTargets),
        ParsedClasses = nameof(ParsedClasses),
        ParsedManaged = nameof(ParsedManaged),
        ParsedUses = nameof(ParsedUses),
        Targets = nameof(Targets),
        Classes = nameof(Classes),
        Managed = nameof(Managed),
        Uses = nameof(Uses),
        Assembly = nameof(Assembly),
        NamedManagers = nameof(NamedManagers),
        Stub = nameof(Stub),
        Class = nameof(Class),
        Proxy = nameof(Proxy),
        Codec = nameof(Codec),
        Registration = nameof(Registration),
        Problems = nameof(Problems);

    public static readonly string[] Emitting = [Stub, Class, Proxy, Codec, Registration];
}
