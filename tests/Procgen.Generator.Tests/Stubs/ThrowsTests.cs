using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Stubs;

/// <summary>How the caller makes an exception of Throws again.</summary>
public sealed class ThrowsTests
{
    [TestCase("class E(string message) : Exception(message);", "new global::E(message)")]
    [TestCase("class E(string message, Exception inner) : Exception(message, inner);", "new global::E(message, inner!)")]
    [TestCase("class E(string message, Exception? inner = null) : Exception(message, inner);", "inner is null ? new global::E(message) : new global::E(message, inner!)")]
    [TestCase("class E(string message, Exception inner, int code = 0) : Exception(message, inner) { public int Code => code; }", "new global::E(message, inner!)")]
    [TestCase("class E(int code = 0) : Exception { public int Code => code; }", "new global::E()")]
    [TestCase("class E(string paint = \"red\") : Exception(paint);", "new global::E(message)")]
    [TestCase("class E : Exception { public E(string message, int a = 0) { } public E(string message, long b = 0) { } public E(string text) { } }", "new global::E(message)")]
    [TestCase("class E : Exception { public E(string message, int a = 0) { } public E(string message, long b = 0) { } public E(string message, Exception inner) { } }", "new global::E(message, inner!)")]
    [TestCase("class E : Exception { public E(string message, int a = 0) { } private E(string message, long b = 0) { } }", "new global::E(message)")]
    [TestCase("class E : Exception { public E(string message, Exception inner, int a = 0) { } public E(string message, Exception inner, long b = 0) { } public E() { } }", "new global::E()")]
    public void By_the_constructor_that_takes_most_of_it(string exception, string made)
    {
        GeneratorRun run = GeneratorRun.Of($"static class Work {{ [ProcessTarget(Throws = [typeof(E)])] internal static void F() {{ }} }} {exception}").AssertCompiles();
        Assert.That(run.Files["WorkTargets.g.cs"], Does.Contain($"static (message, inner) => {made})"));
    }
}
