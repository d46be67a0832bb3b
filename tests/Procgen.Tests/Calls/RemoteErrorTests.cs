using System.Buffers;
using System.ComponentModel;
using NUnit.Framework;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen.Tests.Calls;

/// <summary>What an exception is when it has crossed.</summary>
public sealed class RemoteErrorTests
{
    private static readonly Exception[] Known =
    [
        new ArgumentException("no good (Parameter 'x') at all", "x"),
        new ArgumentException("no good", ""),
        new ArgumentNullException("x"),
        new ArgumentNullException("x", "first\nsecond"),
        new ArgumentOutOfRangeException("x"),
        new ArgumentOutOfRangeException("x", "first\r\nsecond"),
        new ArgumentOutOfRangeException("x", 7, "no good"),
        new ArgumentOutOfRangeException("x", 7, null),
        new ArgumentOutOfRangeException("x", 0.5m, "no good (Parameter 'x')"),
        new ArgumentOutOfRangeException("x", " (Parameter 'x')\n", "no good"),
        new ArgumentOutOfRangeException("x", "", "no good"),
        new ArgumentOutOfRangeException(null, 7, "no good"),
        new ArgumentOutOfRangeException("no good", new FormatException("inner")),
        new ObjectDisposedException("X"),
        new ObjectDisposedException(null, "first\nsecond"),
        new ObjectDisposedException("", "first\nsecond"),
        new ObjectDisposedException("X", "first\nsecond"),
        new ObjectDisposedException("first\nsecond", new FormatException("inner")),
        new InvalidEnumArgumentException("x", 7, typeof(DayOfWeek)),
    ];

    [Test]
    public void A_known_exception_says_the_same_on_the_other_side() => Assert.Multiple(static () =>
    {
        foreach (Exception error in Known) Assert.That(Describe(Cross(error)), Is.EqualTo(Describe(error)));
    });

    [Test]
    public void A_value_that_cannot_be_described_does_not_keep_its_exception_from_crossing()
    {
        Exception crossed = Cross(new ArgumentOutOfRangeException("x", new Speechless(), "no good"));
        Assert.That(((ArgumentOutOfRangeException)crossed).ParamName, Is.EqualTo("x"));
    }

    [Test]
    public void An_exception_that_cannot_be_made_again_arrives_as_text([Values] bool isInner)
    {
        var failing = new RemoteThrow(typeof(DivideByZeroException), static (_, _) => throw new InvalidOperationException("from the constructor"));
        var error = new DivideByZeroException("no good", new FormatException("inner"));
        Exception crossed = Cross(isInner ? new TimeoutException("outer", error) : error, failing);
        var remote = (isInner ? crossed.InnerException : crossed) as RemoteException;
        Assert.That(remote?.RemoteTypeName, Is.EqualTo(typeof(DivideByZeroException).FullName));
        Assert.That(remote!.RemoteMessage, Is.EqualTo("no good"));
        Assert.That(remote.StackTrace, Does.Contain("in process A"));
        Assert.That(remote.InnerException, Is.TypeOf<FormatException>());
    }

    [Test]
    public void An_inner_exception_that_no_constructor_takes_is_in_the_text()
    {
        var unkind = new RemoteThrow(typeof(DivideByZeroException), static (message, _) => new DivideByZeroException(message));
        Exception crossed = Cross(new DivideByZeroException("no good", new FormatException("from within")), unkind);
        Assert.That(crossed, Is.TypeOf<DivideByZeroException>().With.Property(nameof(Exception.InnerException)).Null);
        Assert.That(crossed.ToString(), Does.Contain("System.FormatException: from within"));
    }

    private static string Describe(Exception error) => $"{error.GetType()}: {error.Message}|" + error switch
    {
        ArgumentOutOfRangeException range => $"{range.ParamName}|{range.ActualValue}|{range.ActualValue is null}",
        InvalidEnumArgumentException => "", // No constructor takes its parameter's name back: it is in the message.
        ArgumentException argument => argument.ParamName,
        ObjectDisposedException disposed => disposed.ObjectName,
        _ => "",
    };

    private static Exception Cross(Exception error, params RemoteThrow[] throws)
    {
        ArrayBufferWriter<byte> output = new();
        PayloadWriter writer = new(output);
        RemoteError.Write(ref writer, error, throws);
        writer.Flush();
        return RemoteError.ReadOrExplain(output.WrittenSpan, new CallTarget(0xE1, "Nothing.Here", typeof(RemoteErrorTests), static (ref PayloadReader _) => null!, throws), "process A");
    }

    private sealed class Speechless
    {
        public override string ToString() => throw new InvalidOperationException("no words");
    }
}
