namespace Samples;

/// <summary>Runs the program that the command line names; without a name, lists them.</summary>
public static class CommandLine
{
    /// <summary>What <c>Main</c> returns.</summary>
    /// <returns>0 when the program has run or the list was asked for, 2 where there is no such program.</returns>
    public static async Task<int> RunAsync(string[] arguments, params SampleCommand[] commands)
    {
        if (arguments is [])
        {
            List(Console.Out, commands);
            return 0;
        }

        if (arguments is not [var name] || commands.FirstOrDefault(command => command.Name == name) is not { } chosen)
        {
            await Console.Error.WriteLineAsync($"There is no program '{string.Join(' ', arguments)}'. There are:").ConfigureAwait(false);
            List(Console.Error, commands);
            return 2;
        }

        await chosen.RunAsync().ConfigureAwait(false);
        return 0;
    }

    private static void List(TextWriter writer, SampleCommand[] commands)
    {
        foreach (SampleCommand command in commands) writer.WriteLine($"{command.Name,-16} {command.Shows}");
    }
}
