namespace Samples;

/// <summary>One program of a sample project, by the name that its command line takes.</summary>
/// <param name="Name">What follows <c>--</c> in <c>dotnet run --project samples/… -- name</c>.</param>
/// <param name="Shows">What it shows, in one line.</param>
/// <param name="RunAsync">The program; it gets the number behind its name, where there is one.</param>
public sealed record SampleCommand(string Name, string Shows, Func<int?, Task> RunAsync)
{
    /// <summary>A program that takes no number.</summary>
    public SampleCommand(string name, string shows, Func<Task> runAsync)
        : this(name, shows, _ => runAsync()) => TakesNumber = false;

    /// <summary>A program that takes no number and has nothing to await.</summary>
    public SampleCommand(string name, string shows, Action run)
        : this(name, shows, () => { run(); return Task.CompletedTask; })
    {
    }

    /// <summary>Whether a number may follow the name.</summary>
    public bool TakesNumber { get; } = true;
}
