using System.Globalization;

namespace Procgen.Launching;

/// <summary>What a worker is told when it starts: where its parent listens, how each recognises the other, and whose child it is.</summary>
/// <param name="PipePath">The path of the parent's pipe (Unix), or its name (Windows).</param>
/// <param name="ParentSecret">What the parent shows first.</param>
/// <param name="WorkerSecret">What the worker shows.</param>
/// <param name="ParentId">The parent's process id; where it differs from what the system says, the parent is gone.</param>
internal sealed record WorkerTicket(string PipePath, UInt128 ParentSecret, UInt128 WorkerSecret, int ParentId)
{
    // The path comes last: it may contain the separator.
    private const char Separator = ':';
    private const string Version = "1";

    /// <summary>As one line of text, for an environment variable.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Version}:{ParentId}:{ParentSecret:x32}:{WorkerSecret:x32}:{PipePath}");

    /// <summary>Null where the text is none of ours.</summary>
    public static WorkerTicket? Parse(string text)
    {
        string[] parts = text.Split(Separator, 5);
        return parts.Length == 5 && parts[0] == Version
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            && TryParseHex(parts[2], out UInt128 parentSecret)
            && TryParseHex(parts[3], out UInt128 workerSecret)
            ? new WorkerTicket(parts[4], parentSecret, workerSecret, parent)
            : null;
    }

    // Written out: the general parser of UInt128 would cost the worker's start some milliseconds of compilation.
    private static bool TryParseHex(string text, out UInt128 value)
    {
        ulong high = 0, low = 0;
        value = default;
        if (text.Length != 32) return false;
        foreach (char c in text)
        {
            int digit = c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) return false;
            high = (high << 4) | (low >> 60);
            low = (low << 4) | (uint)digit;
        }

        value = new UInt128(high, low);
        return true;
    }
}
