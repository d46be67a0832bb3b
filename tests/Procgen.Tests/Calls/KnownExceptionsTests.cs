using NUnit.Framework;
using Procgen.Errors;

namespace Procgen.Tests.Calls;

public sealed class KnownExceptionsTests
{
    [Test]
    public void The_guide_names_every_exception_that_crosses_as_itself()
    {
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "runtime", "guide", "errors.md"));
        Assert.That(KnownExceptions.Types.Where(type => !guide.Contains($"`{type.Name}`", StringComparison.Ordinal)), Is.Empty);
    }
}
