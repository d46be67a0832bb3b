namespace Procgen.Pools;

/// <summary>How outcomes are shown.</summary>
internal static class OutcomeText
{
    public static string Of<TItem>(long index, TItem item, Exception? error, string success) =>
        $"[{index}] {item}: {(error is null ? success : $"{error.GetType().Name}: {error.Message}")}";
}
