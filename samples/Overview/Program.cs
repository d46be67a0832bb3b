using Overview;
using Samples;

return await CommandLine.RunAsync(
    args,
    new("first-process", "one child, and who started whom", FirstProcess.Run),
    new("process-class", "what a process object knows and can do", ProcessClass.Run),
    new("start-methods", "the ways to start a process, for all or for one", StartMethods.RunAsync),
    new("pipe", "a message through a pipe", Pipes.Run),
    new("queue", "the same through a queue", Queues.Run),
    new("lock", "five processes, one at a time", Locks.Run),
    new("value-and-array", "a number and some more in shared memory", ValueAndArray.Run),
    new("pool", "a pool's results, at once, in order, one by one, and too late", Pools.RunAsync),
    new("deadlock", "joining before taking a large item, which is no deadlock", Deadlock.Run),
    new("pass-the-lock", "a lock is an argument", PassTheLock.Run),
    new("no-guard", "starting a process without asking whether this is the main module", NoGuard.Run));
