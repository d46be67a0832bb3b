using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>What is wrong with a stream that its target returned.</summary>
internal static class StreamErrors
{
    public static InvalidOperationException Missing(Target target) => new($"{target.Name} returned null where a sequence was expected.");
}
