namespace Procgen.Package.Tests;

public sealed class PackageContentTests
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

    [Test]
    public void The_compiler_itself_is_not_in_the_package() =>
        Assert.That(PackedPackage.Entries(), Has.None.Contains("Microsoft.CodeAnalysis"));
}
