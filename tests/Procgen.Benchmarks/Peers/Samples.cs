using System.Diagnostics;
using System.Globalization;

namespace Procgen.Benchmarks.Peers;

/// <summary>
/// What one side of a row says: a line <c>= value</c> for each sample, on standard output, outside the measured part.
/// The Python scripts speak the same lines.
/// </summary>
internal sealed class Samples
{
    public const string Prefix = "= ";

    public void Add(double value) => Console.WriteLine(Prefix + value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Milliseconds of <paramref name="action"/>.</summary>
    public Task AddMillisecondsAsync(int warmups, int count, Func<Task> action) =>
        AddAsync(warmups, count, action, static elapsed => elapsed.TotalMilliseconds);

    /// <summary>Microseconds of each of the <paramref name="operations"/> that one <paramref name="action"/> does.</summary>
    public Task AddMicrosecondsEachAsync(int warmups, int count, int operations, Func<Task> action) =>
        AddAsync(warmups, count, action, elapsed => elapsed.TotalMicroseconds / operations);

    /// <summary>How many of the <paramref name="operations"/> that one <paramref name="action"/> does pass in a second.</summary>
    public Task AddRateAsync(int warmups, int count, int operations, Func<Task> action) =>
        AddAsync(warmups, count, action, elapsed => operations / elapsed.TotalSeconds);

    private async Task AddAsync(int warmups, int count, Func<Task> action, Func<TimeSpan, double> measure)
    {
        for (int i = -warmups; i < count; i++)
        {
            long started = Stopwatch.GetTimestamp();
            await action().ConfigureAwait(false);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (i >= 0) Add(measure(elapsed));
        }
    }
}
