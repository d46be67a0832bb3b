using PoolsAndCallbacks;
using Samples;

return await CommandLine.RunAsync(
    args,
    new("apply", "20 times half a second, one call after the other", Apply.RunAsync),
    new("apply-async", "the same on four workers at once", Apply.RunAtOnceAsync),
    new("results", "the results, in the order of the calls", Results.RunAsync),
    new("callback", "what the main process does as soon as a result is there", Callback.RunAsync));
