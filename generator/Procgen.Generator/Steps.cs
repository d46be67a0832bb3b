namespace Procgen.Generator;

/// <summary>The names of the pipeline's steps.</summary>
internal static class Steps
{
    public const string
        Targets = nameof(Targets),
        Stubs = nameof(Stubs),
        Stub = nameof(Stub),
        Codec = nameof(Codec),
        Assembly = nameof(Assembly),
        Registration = nameof(Registration);
}
