using Procgen.Benchmarks.Peers;

var samples = new Samples();
switch (args)
{
    case [nameof(Starts.StartAndJoinAsync)]:
        await Starts.StartAndJoinAsync(samples);
        return 0;
    case [nameof(Starts.StartAndJoinFromReserveAsync)]:
        await Starts.StartAndJoinFromReserveAsync(samples);
        return 0;
    case [nameof(Starts.CallAsync)]:
        await Starts.CallAsync(samples);
        return 0;
    case [nameof(ParentEnd.KillAsync)]:
        await ParentEnd.KillAsync(samples);
        return 0;
    default:
        Console.Error.WriteLine($"{nameof(Starts.StartAndJoinAsync)}|{nameof(Starts.StartAndJoinFromReserveAsync)}|{nameof(Starts.CallAsync)}|{nameof(ParentEnd.KillAsync)}");
        return 2;
}
