using System.Runtime.CompilerServices;

namespace Procgen.Serialization;

/// <summary>How deep things may lie in each other: as deep as the format allows, and no deeper than the thread's stack.</summary>
/// <remarks>
/// Codecs call each other, so that a level takes stack: how much is a matter of the types. Every sixteenth level is looked
/// at, among them the first that is too deep for any stack, so that the others pay for one comparison. What the runtime
/// calls a sufficient stack holds sixteen levels, and the exception that ends them, as long as a level takes less than some
/// 4 KB: with value types of kilobytes among the members it takes more, and a stack that is almost full may then end.
/// </remarks>
internal static class Nesting
{
    private const int Mask = 15;

    /// <summary>Whether <see cref="Check"/> is to be called for that level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLookedAt(int depth) => (depth & Mask) == ((PayloadFormat.MaxDepth + 1) & Mask);

    /// <exception cref="ProcessSerializationException">That level is too deep.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Check(int depth)
    {
        if (depth > PayloadFormat.MaxDepth) PayloadErrors.TooDeep();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) PayloadErrors.StackTooSmall(depth);
    }
}
