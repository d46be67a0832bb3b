using ProcessBasics;
using Samples;

return await CommandLine.RunAsync(
    args,
    new("workers", "one target, started five times", FiveWorkers.Run),
    new("arguments", "the same with an argument for each", Arguments.Run),
    new("imported", "the target stands in another assembly", ImportedTarget.Run),
    new("names", "names that were given, and one that was not", Names.Run),
    new("daemon", "a daemon ends with the main process, others are waited for", Daemons.RunWithoutJoin),
    new("join", "joining waits for the daemon too", Daemons.RunWithJoin),
    new("join-timeout", "joining for at most a second", Daemons.RunWithJoinTimeout),
    new("terminate", "a process before, during and after its termination", Termination.Run),
    new("exit-codes", "how a process ended, by its exit code and by its exception", ExitCodes.RunAsync),
    new("subclass", "a class of one's own in place of a target", Subclass.Run));
