using NUnit.Framework;

// For those that say so, such as the torture: each has many processes of its own, and what they all take of the machine is looked at.
[assembly: LevelOfParallelism(2)]
