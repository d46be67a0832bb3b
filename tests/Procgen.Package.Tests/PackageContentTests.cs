using System.Text.RegularExpressions;

namespace Procgen.Package.Tests;

public sealed partial class PackageContentTests
{
    [TestCase("lib/net8.0/Procgen.dll")]
    [TestCase("lib/net10.0/Procgen.dll")]
    [TestCase("lib/net10.0/Procgen.xml")]
    [TestCase("lib/net10.0/Procgen.Host.dll")]
    [TestCase("analyzers/dotnet/cs/Procgen.Generator.dll")]
    [TestCase("buildTransitive/Procgen.targets")]
    [TestCase("buildTransitive/Procgen.LinkAttributes.xml")]
    [TestCase("README.md")]
    public void One_package_carries(string path) => Assert.That(PackedPackage.Entries(), Does.Contain(path));

    /// <summary>Only the programs themselves are elsewhere: samples, and the library's own source.</summary>
    [Test]
    public void The_pages_of_its_documentation_lead_to_one_another()
    {
        IReadOnlyCollection<string> entries = PackedPackage.Entries();
        string[] pages = [.. entries.Where(static entry => entry.EndsWith(".md", StringComparison.Ordinal))];
        Assert.That(pages, Has.Length.GreaterThan(10));
        string[] broken =
        [
            .. from page in pages
               from Match link in Link().Matches(PackedPackage.ReadText(page))
               let target = Path.GetRelativePath("/", Path.GetFullPath(link.Groups["path"].Value, Path.GetDirectoryName("/" + page)!))
               where !target.StartsWith("samples/", StringComparison.Ordinal) && target != "runtime/Procgen" && !entries.Contains(target)
               select $"{page}: {link.Value}",
        ];
        Assert.That(broken, Is.Empty);
    }

    /// <summary>What is compiled ahead is several times as large as the same code that is not.</summary>
    [TestCase("net8.0")]
    [TestCase("net10.0")]
    public void It_carries_code_compiled_ahead_of_time_for_the_system_that_made_it(string framework)
    {
        Assume.That(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "Only there is it made.");
        Assert.That(PackedPackage.Length($"runtimes/linux-x64/lib/{framework}/Procgen.dll"), Is.GreaterThan(2 * PackedPackage.Length($"lib/{framework}/Procgen.dll")));
    }

    [Test]
    public void The_compiler_itself_is_not_in_the_package() =>
        Assert.That(PackedPackage.Entries(), Has.None.Contains("Microsoft.CodeAnalysis"));

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
