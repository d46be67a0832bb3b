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
        string[] parts = text.Split(Separator, 5);
        return parts.Length == 5 && parts[0] is (Spawned or Standby)
            && TryParseId(parts[1], out int parent)
            && Secret.TryParse(parts[2], out Secret parentSecret)
            && Secret.TryParse(parts[3], out Secret workerSecret)
            ? new WorkerTicket(parts[4], parentSecret, workerSecret, parent, parts[0] == Standby)
            : null;
    }

    // Written out: the general parser would load the culture's data.
    private static bool TryParseId(string text, out int id)
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
