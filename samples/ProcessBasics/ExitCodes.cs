using Procgen;

namespace ProcessBasics;

/// <summary>
/// 0 is a return, more than 0 an error of that code, less than 0 a signal. Beyond the article, <c>Completion</c> has the
/// result, or the exception itself.
/// </summary>
internal static class ExitCodes
{
    public static async Task RunAsync()
    {
        ChildProcess[] jobs =
        [
            new(ExitCodesTargets.Exit(1), new() { Name = "exit 1" }),
            new(ExitCodesTargets.Exit(7), new() { Name = "exit 7" }),
            new(ExitCodesTargets.Nothing(), new() { Name = "nothing" }),
            new(ExitCodesTargets.ReturnValue(), new() { Name = "return value" }),
            new(ExitCodesTargets.Raises(), new() { Name = "raises" }),
            new(ExitCodesTargets.Sleeps(), new() { Name = "terminated" }),
        ];
        foreach (ChildProcess job in jobs)
        {
            Console.WriteLine($"Starting process for {job.Name}");
            job.Start();
        }

        jobs[^1].Terminate();

        foreach (ChildProcess job in jobs)
        {
            int code = await job.WaitForExitAsync();
            Console.WriteLine($"{job.Name}.ExitCode = {code}, and Completion {await EndAsync(job.Completion)}");
        }
    }

    [ProcessTarget]
    public static void Exit(int code) => Environment.Exit(code);

    [ProcessTarget]
    public static void Nothing()
    {
    }

    [ProcessTarget]
    public static int ReturnValue() => 1;

    [ProcessTarget]
    public static void Raises() => throw new InvalidOperationException("There was an error!");

    [ProcessTarget]
    public static Task Sleeps() => Task.Delay(TimeSpan.FromMinutes(1));

    private static async Task<string> EndAsync(Task completion)
    {
        await completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return completion.Exception?.InnerException is { } error ? $"throws {error.GetType().Name}: {error.Message}" : "succeeds";
    }
}
