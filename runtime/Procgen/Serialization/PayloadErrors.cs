using System.Diagnostics.CodeAnalysis;

namespace Procgen.Serialization;

/// <summary>What is thrown, in one place, so that the callers stay small enough to inline.</summary>
internal static class PayloadErrors
{
    [DoesNotReturn]
    public static void Truncated() => throw new ProcessSerializationException("the payload ends in the middle of a value");

    [DoesNotReturn]
    public static void Trailing(int bytes) => throw new ProcessSerializationException($"{bytes} bytes follow the value's end");

    [DoesNotReturn]
    public static void Length(long length) =>
        throw new ProcessSerializationException($"a length of {length} is announced, which is more than the payload can hold");

    [DoesNotReturn]
    public static void TooLong(long bytes) =>
        throw new ProcessSerializationException($"the value takes {bytes} bytes in one piece; a payload holds at most {int.MaxValue}");

    [DoesNotReturn]
    public static void TooDeep() =>
        throw new ProcessSerializationException($"objects are nested more than {PayloadFormat.MaxDepth} deep; is there a cycle that [PreserveReferences] should keep?");

    [DoesNotReturn]
    public static void StackTooSmall(int depth) =>
        throw new ProcessSerializationException($"objects are nested more than {depth} deep, and the stack of this thread holds no more of them; a larger MaxStackSize gives a target more");

    [DoesNotReturn]
    public static void MemberCount(int found, int expected, string type) =>
        throw new ProcessSerializationException($"{found} members where {type} has {expected}");

    [DoesNotReturn]
    public static void LoneSurrogate() => throw new ProcessSerializationException("the string holds a lone surrogate, which UTF-8 cannot carry");

    [DoesNotReturn]
    public static void BadText() => throw new ProcessSerializationException("the payload holds text that is not UTF-8, or not of the announced length");

    [DoesNotReturn]
    public static void Code(int found, string expected) => throw new ProcessSerializationException($"{expected} was expected, found code {found}");

    [DoesNotReturn]
    public static void Flag(int found) => throw new ProcessSerializationException($"a bool is 0 or 1, and {found} was found");

    [DoesNotReturn]
    public static void MoreDerived(Type found, Type declared, bool union) => throw new ProcessSerializationException(union
        ? $"the value is a {found}, which the union {declared} does not list; add [ProcessUnion(tag, typeof({found.Name}))] to {declared.Name}"
        : $"the value is a {found} where {declared} is declared, and would be cut down to that; declare [ProcessUnion(tag, typeof({found.Name}))] on {declared.Name}");

    [DoesNotReturn]
    public static void Reference(uint id) => throw new ProcessSerializationException($"reference {id} names no object of the expected type before it");

    [DoesNotReturn]
    public static void Changed() => throw new ProcessSerializationException("the collection changed while it was being written");

    [DoesNotReturn]
    public static void Invalid(Type type, Exception cause) =>
        throw new ProcessSerializationException($"the payload's content is no {type}: {cause.Message}", inner: cause);
}
