using System.Globalization;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>What a worker is told when it starts: where its parent listens, how each recognises the other, and whose child it is.</summary>
/// <param name="PipePath">The path of the parent's pipe (Unix), or its name (Windows).</param>
/// <param name="ParentSecret">What the parent shows first.</param>
/// <param name="WorkerSecret">What the worker shows.</param>
/// <param name="ParentId">The parent's process id; where it differs from what the system says, the parent is gone.</param>
/// <param name="IsStandby">Whether it boots for the reserve: it gets ready for a call before it knows which.</param>
internal sealed record WorkerTicket(string PipePath, Secret ParentSecret, Secret WorkerSecret, int ParentId, bool IsStandby = false)
{
    // The path comes last: it may contain the separator.
    private const char Separator = ':';
    private const string Spawned = "1";
    private const string Standby = "1s";

    /// <summary>As one line of text, for an environment variable.</summary>
    public override string ToString() => string.Join(
        Separator, IsStandby ? Standby : Spawned, ParentId.ToString(CultureInfo.InvariantCulture), ParentSecret.ToString(), WorkerSecret.ToString(), PipePath);

    /// <summary>Null where the text is none of ours.</summary>
    public static WorkerTicket? Parse(string text)
    {
        ReadOnlySpan<char> rest = text;
        return TryTake(ref rest, out ReadOnlySpan<char> version) && version is Spawned or Standby
            && TryTake(ref rest, out ReadOnlySpan<char> id) && TryParseId(id, out int parent)
            && TryTake(ref rest, out ReadOnlySpan<char> secret) && Secret.TryParse(secret, out Secret parentSecret)
            && TryTake(ref rest, out secret) && Secret.TryParse(secret, out Secret workerSecret)
            ? new WorkerTicket(rest.ToString(), parentSecret, workerSecret, parent, version is Standby)
            : null;
    }

    // These two written out: the framework would load its vectors, and the culture's data.
    private static bool TryTake(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> part)
    {
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] != Separator) continue;
            part = rest[..i];
            rest = rest[(i + 1)..];
            return true;
        }

        part = default;
        return false;
    }

    private static bool TryParseId(ReadOnlySpan<char> text, out int id)
    {
        id = 0;
        if (text.Length is 0 or > 9) return false;
        foreach (char c in text)
        {
            if (c is < '0' or > '9') return false;
            id = (id * 10) + (c - '0');
        }

        return true;
    }
}
