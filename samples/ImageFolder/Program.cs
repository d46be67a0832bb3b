using ImageFolder;
using Procgen;
using Samples;

// ImageFolder [from to]: resizes the pictures of a folder in workers, because the library that does it may crash.
const int Divisor = 4;
if (args.Length is not (0 or 2))
{
    Console.Error.WriteLine("ImageFolder takes no folder, or two: where the pictures are, and where smaller ones shall be.");
    return 2;
}

DirectoryInfo? own = args is [] ? Directory.CreateTempSubdirectory("image-folder-") : null;
try
{
    string from = own is null ? args[0] : Path.Combine(own.FullName, "from");
    string to = own is null ? args[1] : Path.Combine(own.FullName, "to");
    if (own is not null) SamplePictures.Write(from);
    Directory.CreateDirectory(to);
    string[] files = [.. Directory.EnumerateFiles(from, "*.png").Order(StringComparer.Ordinal)];

    // The runtime's own words on a crash are kept for the report instead of standing in the middle of the bar.
    var workers = new ProcessOptions { StandardError = OutputMode.Capture };
    await using var pool = new ProcessPool(new ProcessPoolOptions { Worker = workers });
    var options = new PoolMapOptions { Progress = new ConsoleProgress() };
    List<CallOutcome<string, (int Width, int Height)>> outcomes = [];
    await foreach (CallOutcome<string, (int Width, int Height)> outcome in pool.MapOutcomesAsync(files, file => ResizingTargets.Resize(file, to, Divisor), options))
        outcomes.Add(outcome);

    Console.WriteLine($"{outcomes.Count(static outcome => outcome.IsSuccess)} of {outcomes.Count} pictures were resized.");
    foreach (CallOutcome<string, (int Width, int Height)> outcome in outcomes.Where(static outcome => !outcome.IsSuccess))
    {
        string name = Path.GetFileName(outcome.Item);
        Console.WriteLine(outcome.Exception is WorkerCrashedException crash
            ? $"{name} killed its worker, process {crash.ProcessId}, exit code {crash.ExitCode}: {string.Join(' ', crash.StandardErrorTail.Split('\n').Take(2)).Trim()}"
            : $"{name} could not be resized: {outcome.Exception!.Message}");
    }

    return 0;
}
finally
{
    own?.Delete(recursive: true);
}
