using JoiningAndMapping;
using Samples;

return await CommandLine.RunAsync(
    args,
    new("two-processes", "two at the same time, and what comes after both", TwoProcesses.Run),
    new("pool-map", "eight workers, ten items", PoolMap.Run),
    new("queue-and-list", "four processes, twelve items, a managed queue and a managed list", QueueAndList.Run));
