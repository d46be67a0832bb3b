using Procgen.Benchmarks.Peers;

Func<Samples, Task>[] measures = [Starts.StartAndJoinAsync, Starts.StartAndJoinFromReserveAsync, Starts.CallAsync, ParentEnd.KillAsync];
if (args is [var name] && Array.Find(measures, measure => measure.Method.Name == name) is { } measure)
{
    await measure(new Samples());
    return 0;
}

Console.Error.WriteLine(string.Join('|', measures.Select(static measure => measure.Method.Name)));
return 2;
