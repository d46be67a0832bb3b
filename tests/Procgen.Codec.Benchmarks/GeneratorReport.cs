using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Procgen.Codec.Benchmarks;

/// <summary>
/// How long the generator takes for 200 targets of 20 classes, each with a type of its own to be encoded, in a build that
/// nothing precedes: the SDK's own compiler in a process of its own, which measures its generators. The fastest of three.
/// </summary>
internal static partial class GeneratorReport
{
    private const int Types = 20;
    private const int TargetsOfType = 10;
    private const double MostSeconds = 1;

    public static int Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("procgen-generator-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "Work.cs"), Source());
            File.WriteAllText(Path.Combine(folder.FullName, "App.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <UseSharedCompilation>false</UseSharedCompilation>
                    <ReportAnalyzer>true</ReportAnalyzer>
                  </PropertyGroup>
                  <ItemGroup>
                    <Reference Include="{Path.Combine(AppContext.BaseDirectory, "Procgen.dll")}" />
                    <Analyzer Include="{Path.Combine(AppContext.BaseDirectory, "Procgen.Generator.dll")}" />
                  </ItemGroup>
                </Project>
                """);
            double[] seconds = [.. Enumerable.Range(0, 3).Select(_ => Build(folder.FullName))];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Types * TargetsOfType} targets in a fresh compiler: {seconds.Min():f2} s (at most {MostSeconds:f0}; all runs: {string.Join(", ", seconds)})"));
            return seconds.Min() <= MostSeconds ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Build(string folder)
    {
        ProcessStartInfo start = new("dotnet", ["build", "--no-incremental", "-v:detailed", "-nodeReuse:false"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using Process build = Process.Start(start)!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0 && TimeOfGenerator().Match(output) is { Success: true } time
            ? double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The build of 200 targets ended with {build.ExitCode}:\n{output}");
    }

    private static string Source()
    {
        StringBuilder source = new("using System;\nusing Procgen;\n");
        for (int type = 0; type < Types; type++)
        {
            source.Append(CultureInfo.InvariantCulture, $"public record Job{type}(int Id, string Name, double[] Values);\ninternal static class Work{type}\n{{\n");
            for (int method = 0; method < TargetsOfType; method++)
                source.Append(CultureInfo.InvariantCulture, $"    [ProcessTarget] internal static int Do{method}(int x, string name, Job{type} job) => x;\n");
            source.Append("}\n");
        }

        return source.ToString();
    }

    // Seconds, their share in per cent, the generator.
    [GeneratedRegex(@"([0-9.]+)\s+<?[0-9]+\s+Procgen\.Generator\.ProcessTargetGenerator")]
    private static partial Regex TimeOfGenerator();
}
