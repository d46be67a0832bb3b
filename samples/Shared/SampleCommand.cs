namespace Samples;

/// <summary>One program of a sample project, by the name that its command line takes.</summary>
/// <param name="Name">What follows <c>--</c> in <c>dotnet run --project samples/… -- name</c>.</param>
/// <param name="Shows">What it shows, in one line.</param>
/// <param name="RunAsync">The program.</param>
public sealed record SampleCommand(string Name, string Shows, Func<Task> RunAsync)
{
    /// <summary>A program that has nothing to await.</summary>
    public SampleCommand(string name, string shows, Action run)
        : this(name, shows, () => { run(); return Task.CompletedTask; })
    {
    }
}
