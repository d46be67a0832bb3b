namespace Procgen.Generator;

/// <summary>The names of the pipeline's steps. What <see cref="Emitting"/> lists ends in a file.</summary>
internal static class Steps
{
    public const string
        ParsedTargets = nameof(ParsedTargets),
        ParsedClasses = nameof(ParsedClasses),
        ParsedUses = nameof(ParsedUses),
        Targets = nameof(Targets),
        Classes = nameof(Classes),
        Uses = nameof(Uses),
        Assembly = nameof(Assembly),
        Stub = nameof(Stub),
        Class = nameof(Class),
        Codec = nameof(Codec),
        Registration = nameof(Registration),
        Problems = nameof(Problems);

    public static readonly string[] Emitting = [Stub, Class, Codec, Registration];
}
