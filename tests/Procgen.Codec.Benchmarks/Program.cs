using System.Reflection;
using BenchmarkDotNet.Running;
using Procgen.Codec.Benchmarks;

// Beside a plain copy, MemoryPack's times and System.Text.Json, all values or those that words name; the generator by its
// name; with options, whatever BenchmarkDotNet makes of them.
if (args is ["generator"]) return GeneratorReport.Run();
if (args.Length == 0 || args[0][0] != '-') return CodecReport.Run(args);
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
