using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

public class WindowsCommandLineTests
{
    [TestCase("plain", "plain")]
    [TestCase("", "\"\"")]
    [TestCase("a b", "\"a b\"")]
    [TestCase("a\tb", "\"a\tb\"")]
    [TestCase("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [TestCase(@"back\slash", @"back\slash")]
    [TestCase(@"ends in\", @"""ends in\\""")]
    [TestCase("quote\\\"after", "\"quote\\\\\\\"after\"")]
    public void An_argument_is_quoted_as_the_C_runtime_reads_it(string argument, string quoted)
        => Assert.That(WindowsCommandLine.Join(@"C:\a b\app.exe", [argument, "x"]), Is.EqualTo($"\"C:\\a b\\app.exe\" {quoted} x"));
}
