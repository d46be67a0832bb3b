global using NUnit.Framework;

// Each has a folder of its own, and the compiler, publisher and linker that it mostly waits for use one processor.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(2)]
