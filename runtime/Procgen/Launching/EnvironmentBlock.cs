using System.Collections;

namespace Procgen.Launching;

/// <summary>The whole environment of a process to start: this process's own with some changes.</summary>
internal static class EnvironmentBlock
{
    private static StringComparer Comparer => OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>As NAME=value; on Windows in the order and with the case-blindness that its loader expects.</summary>
    public static List<string> Compose(IReadOnlyDictionary<string, string?> changes)
    {
        Dictionary<string, string> variables = Apply(changes);
        var block = new List<string>(variables.Count);
        foreach ((string name, string value) in variables) block.Add($"{name}={value}");
        if (OperatingSystem.IsWindows()) block.Sort(Comparer);
        return block;
    }

    /// <summary>This process's environment with those changes.</summary>
    public static Dictionary<string, string> Apply(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        var variables = new Dictionary<string, string>(Comparer);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";

        foreach ((string name, string? value) in changes)
        {
            Validate(name, value);
            if (value is null) variables.Remove(name);
            else variables[name] = value;
        }

        return variables;
    }

    /// <summary>What to change in <paramref name="environment"/> to make it this process's own with those changes: names, each before its value, or null where it goes.</summary>
    public static List<string?> Differences(Dictionary<string, string> environment, ICollection<KeyValuePair<string, string?>> changes)
    {
        // Where nothing is to be added, and names do not come in two spellings, no copy is needed.
        IDictionary wanted = changes.Count == 0 && !OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariables() : Apply(changes);
        List<string?> differences = [];
        int present = 0;
        IDictionaryEnumerator variable = wanted.GetEnumerator();
        while (variable.MoveNext())
        {
            string value = (string?)variable.Value ?? "";
            if (environment.TryGetValue((string)variable.Key, out string? old)) present++;
            if (value != old) differences.AddRange([(string)variable.Key, value]);
        }

        if (present < environment.Count)
        {
            foreach (string name in environment.Keys)
                if (!wanted.Contains(name)) differences.AddRange([name, null]);
        }

        return differences;
    }

    private static void Validate(string name, string? value)
    {
        if (name.Length == 0 || name.Contains('=') || name.Contains('\0'))
            throw new ArgumentException($"'{name}' cannot be the name of an environment variable.");
        if (value is not null && value.Contains('\0'))
            throw new ArgumentException($"The value of environment variable '{name}' contains a null character.");
    }
}
