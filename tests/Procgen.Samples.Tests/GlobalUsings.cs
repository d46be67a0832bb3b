global using NUnit.Framework;
global using Procgen.Package.Tests;

// Most of a sample's time is a pause that stands for work, so that some can run side by side on few processors.
[assembly: Parallelizable(ParallelScope.Children)]
[assembly: LevelOfParallelism(4)]
