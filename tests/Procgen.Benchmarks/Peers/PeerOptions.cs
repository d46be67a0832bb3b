using System.Globalization;

namespace Procgen.Benchmarks.Peers;

/// <summary>What stands on the command line after <c>peers</c>.</summary>
internal sealed record PeerOptions
{
    public const string Usage = """
        peers [FILTER…] [--rounds N] [--markdown FILE] [--json FILE] [--list]
          Runs every row whose name contains one of the filters, alternately on Procgen and on its peer, and prints a table.
          Exit code 0: every stated ratio is met or missed by at most a fifth; 1: not so, or a row failed; 2: wrong usage.
        startup
          Prints where the time of a spawned worker goes. Linux, with strace installed.
        """;

    public List<string> Filters { get; } = [];

    public int Rounds { get; private set; } = 5;

    public string? Markdown { get; private set; }

    public string? Json { get; private set; }

    public bool List { get; private set; }

    /// <returns>Null where the arguments are wrong.</returns>
    public static PeerOptions? Parse(IEnumerable<string> arguments)
    {
        var options = new PeerOptions();
        using IEnumerator<string> next = arguments.GetEnumerator();
        while (next.MoveNext())
        {
            switch (next.Current)
            {
                case "--rounds" when next.MoveNext() && int.TryParse(next.Current, CultureInfo.InvariantCulture, out int rounds) && rounds > 0:
                    options.Rounds = rounds;
                    break;
                case "--markdown" when next.MoveNext():
                    options.Markdown = next.Current;
                    break;
                case "--json" when next.MoveNext():
                    options.Json = next.Current;
                    break;
                case "--list":
                    options.List = true;
                    break;
                case ['-', ..]:
                    return null;
                default:
                    options.Filters.Add(next.Current);
                    break;
            }
        }

        return options;
    }
}
