namespace Procgen.Calls;

/// <summary>Two tokens as one: the caller's own wherever only one can be cancelled, so that exceptions carry it.</summary>
internal static class Tokens
{
    public static CancellationToken Join(out CancellationTokenSource? linked, CancellationToken first, CancellationToken second)
    {
        linked = null;
        if (!second.CanBeCanceled || first == second) return first;
        if (!first.CanBeCanceled) return second;
        linked = CancellationTokenSource.CreateLinkedTokenSource(first, second);
        return linked.Token;
    }
}
