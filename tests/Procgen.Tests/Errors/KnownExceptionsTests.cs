using System.Text.RegularExpressions;
using NUnit.Framework;
using Procgen.Errors;

namespace Procgen.Tests.Errors;

public sealed partial class KnownExceptionsTests
{
    private static readonly ArgumentOutOfRangeException OutOfRange = new("x", 7, "no good");
    private static readonly ObjectDisposedException Disposed = new("X", "no good");

    [Test]
    public void The_guide_lists_the_exceptions_that_cross_as_themselves_and_no_others()
    {
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "runtime", "guide", "errors.md"));
        string list = Between(guide, "The common ones, each exactly of its type:", "Others, such as");
        Assert.That(QuotedNames().Matches(list).Select(static match => match.Groups[1].Value), Is.EquivalentTo(KnownExceptions.Types.Select(static type => type.Name)));
    }

    [Test]
    public void Whoever_stands_in_for_a_server_or_a_barrier_can_make_its_exceptions()
    {
        var cause = new IOException();
        Exception[] made = [new ConnectionLostException("gone", cause), new BarrierBrokenException("gone", cause)];
        Assert.That(made, Has.All.Message.EqualTo("gone").And.All.Property(nameof(Exception.InnerException)).SameAs(cause));
        Assert.That(new Exception[] { new ConnectionLostException(), new BarrierBrokenException() }, Has.All.InstanceOf<ProcgenException>());
    }

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void What_a_message_says_of_name_and_value_is_not_said_twice_where_the_other_side_ends_its_lines_otherwise(string newLine)
    {
        Assert.That(MadeAgain(OutOfRange, "x").Message.ReplaceLineEndings(), Is.EqualTo(OutOfRange.Message));
        Assert.That(MadeAgain(Disposed, "X").Message.ReplaceLineEndings(), Is.EqualTo(Disposed.Message));

        Exception MadeAgain(Exception error, string detail) =>
            KnownExceptions.Create(KnownExceptions.IndexOf(error.GetType()), error.Message.ReplaceLineEndings(newLine), detail, null);
    }

    private static string Between(string text, string first, string last)
    {
        int begin = text.IndexOf(first, StringComparison.Ordinal);
        int end = text.IndexOf(last, StringComparison.Ordinal);
        Assert.That(begin >= 0 && end > begin, "the guide's list is not where it was");
        return text[begin..end];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex QuotedNames();
}
