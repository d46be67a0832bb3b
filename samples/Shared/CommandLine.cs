using System.Globalization;

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

        if (Find(arguments, commands) is not var (command, number))
        {
            await Console.Error.WriteLineAsync($"There is no program '{string.Join(' ', arguments)}'. There are:").ConfigureAwait(false);
            List(Console.Error, commands);
            return 2;
        }

        await command.RunAsync(number).ConfigureAwait(false);
        return 0;
    }

    private static (SampleCommand Command, int? Number)? Find(string[] arguments, SampleCommand[] commands)
    {
        if (commands.FirstOrDefault(command => command.Name == arguments[0]) is not { } command) return null;
        return arguments switch
        {
            [_] => (command, null),
            [_, var text] when command.TakesNumber && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) => (command, number),
            _ => null,
        };
    }

    private static void List(TextWriter writer, SampleCommand[] commands)
    {
        foreach (SampleCommand command in commands) writer.WriteLine($"{command.Name,-16} {command.Shows}");
    }
}
