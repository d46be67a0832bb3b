using System.Text;

namespace Procgen.Launching;

/// <summary>One string of several arguments, by the rules with which the C runtime of Windows takes it apart again.</summary>
internal static class WindowsCommandLine
{
    public static string Join(string fileName, IReadOnlyList<string> arguments)
    {
        // A file name holds no quotes, and backslashes in it mean themselves.
        var line = new StringBuilder().Append('"').Append(fileName).Append('"');
        foreach (string argument in arguments) Append(line.Append(' '), argument);
        return line.ToString();
    }

    private static void Append(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && argument.AsSpan().IndexOfAny(" \t\n\v\"") < 0)
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        int backslashes = 0;
        foreach (char c in argument)
        {
            // Backslashes are doubled before a quote only.
            if (c == '"') line.Append('\\', backslashes + 1);
            backslashes = c == '\\' ? backslashes + 1 : 0;
            line.Append(c);
        }

        line.Append('\\', backslashes).Append('"');
    }
}
