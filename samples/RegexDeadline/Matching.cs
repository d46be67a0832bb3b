using System.Text.RegularExpressions;
using Procgen;

namespace RegexDeadline;

/// <summary>
/// Code that cannot be cancelled. <see cref="Regex"/> alone has a timeout for those who remember it; a parser, a solver or
/// somebody else's library has none. A thread cannot be ended from outside: a process can.
/// </summary>
internal static class Matching
{
    [ProcessTarget]
    public static bool IsMatch(string pattern, string text) => Regex.IsMatch(text, pattern);
}
