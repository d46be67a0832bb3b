using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>How long a caller wants to wait for a server.</summary>
/// <param name="Deadline">Until then.</param>
/// <param name="CancellationToken">Or until it fires.</param>
internal readonly record struct Patience(Deadline Deadline, CancellationToken CancellationToken)
{
    /// <summary>No longer than the server is given in any case: see <see cref="AnswerWatch.AnswerTime"/>.</summary>
    public static Patience None => new(Deadline.Now, CancellationToken.None);

    public bool IsEndless => Deadline.IsNever && !CancellationToken.CanBeCanceled;

    public bool HasRunOut => Deadline.HasPassed || CancellationToken.IsCancellationRequested;
}
