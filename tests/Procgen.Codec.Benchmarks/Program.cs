using System.Reflection;
using BenchmarkDotNet.Running;
using Procgen.Codec.Benchmarks;

// Beside a plain copy, MemoryPack's times and System.Text.Json; with arguments, whatever BenchmarkDotNet makes of them.
if (args.Length == 0) return CodecReport.Run();
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
