using ReturnValues;
using Samples;

return await CommandLine.RunAsync(
    args,
    new("collect", "50,000 results of a pool of ten", Collect.RunAsync),
    new("wait-each", "what waiting for each call before the next one costs", WaitEach.RunAsync),
    new("early-exit", "the first true ends the other 50,000 calls", EarlyExit.RunAsync),
    new("lazy", "the same with 50,000,000 calls, none of them made too early", Lazily.RunAsync),
    new("constant-memory", "all of the 50,000,000 (or of as many as a number says), and the memory they take", ConstantMemory.RunAsync));
